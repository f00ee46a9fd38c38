inline void freed(const volatile void *object) {  // about to end, so that nothing of it goes home
    auto of = [](const char *name) { Dl_info info; return dladdr(dlsym(RTLD_DEFAULT, name), &info) ? info.dli_fbase : nullptr; };
    static const bool is_told = of("free") && of("free") == of("malloc_usable_size");  // by the allocator that made it
    if (!is_told) return release();
    auto first = (char *)object, last = first + malloc_usable_size((void *)object);
    each_held(first, last, [=](Held *each) {
        if (first <= each->first && each->last <= last) each->newer = each->newer_end = each->first;
        drop(each);
    });
}
