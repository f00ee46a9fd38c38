// How many bytes there are from the start of a block on that an allocator returned: 0 where nobody tells.
inline size_t usable_bytes(const volatile void *block) {
    auto of = [](const char *name) { Dl_info info; return dladdr(dlsym(RTLD_DEFAULT, name), &info) ? info.dli_fbase : nullptr; };
    static const bool is_told = of("free") && of("free") == of("malloc_usable_size");  // by the allocator that made it
    return is_told ? malloc_usable_size((void *)block) : 0;
}
