template <class T> struct Look : Mirror<T> {  // of more than the program touches, which may change meanwhile: leaves no copy
    Look(const void *host, size_t count, int line, size_t alignment = alignof(T)) : Mirror<T>(host, count, line, alignment, false) {}
};
