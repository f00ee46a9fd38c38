inline bool lies_beside(const char *name, const char *other) {  // whether one library defines two functions
    auto of = [](const char *name) { Dl_info info; return dladdr(dlsym(RTLD_DEFAULT, name), &info) ? info.dli_fbase : nullptr; };
    return of(name) && of(name) == of(other);
}
// How many bytes there are from the start of a block on that an allocator returned: 0 where nobody tells.
inline size_t usable_bytes(const volatile void *block) {
    static const bool is_told = lies_beside("free", "malloc_usable_size");  // by the allocator that made it
    return is_told ? malloc_usable_size((void *)block) : 0;
}
