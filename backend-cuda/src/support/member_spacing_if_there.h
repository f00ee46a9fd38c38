template <class T> int row_spacing_if_there(const T *rows, long count, const T *next) {
    return count > 0 && accessible((const char *)rows, (count - 1) * ((uintptr_t)next - (uintptr_t)rows) + sizeof(T)) ? row_spacing(rows, count, next) : 0;
}
