// Whether all of a range is memory that this process can read: private, and backed by no file, which might be shorter.
template <class T> bool accessible(T *from, size_t count) {
    auto at = (uintptr_t)from;
    if (count >= (SIZE_MAX - at) / sizeof(T)) return false;
    return mapped(at, at + count * sizeof(T), [](const char *way, unsigned long file) {
        return way[0] == 'r' && way[1] == 'w' && file == 0;
    });
}
