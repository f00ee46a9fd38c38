// Whether a range lies in variables of the program or of a library that it loads (dl_iterate_phdr(3)).
inline bool is_static(uintptr_t at, uintptr_t end) {
    uintptr_t range[] = {at, end};
    return dl_iterate_phdr([](dl_phdr_info *object, size_t, void *range) {
        auto sought = (const uintptr_t *)range;
        for (auto part = object->dlpi_phdr, last = part + object->dlpi_phnum; part != last; part++) {
            uintptr_t first = object->dlpi_addr + part->p_vaddr;
            if (part->p_type == PT_LOAD && first <= sought[0] && sought[1] <= first + part->p_memsz) return 1;
        }
        return 0;
    }, range);
}
template <class T> constexpr bool is_constant(T *) { return false; }
template <class T> constexpr bool is_constant(const T *) { return true; }
// Whether all of a range is memory that this process can read, and write where the type lets it: private, and backed by no
// file that might be shorter.
template <class T> bool accessible(T *from, size_t count) {
    auto at = (uintptr_t)from, end = at + count * sizeof(T);
    if (count >= (SIZE_MAX - at) / sizeof(T)) return false;
    const bool is_whole = is_static(at, end), is_read = is_constant(from);
    return mapped(at, end, [=](const char *way, unsigned long file) {
        return way[0] == 'r' && (is_read || way[1] == 'w') && (file == 0 || is_whole);
    });
}
