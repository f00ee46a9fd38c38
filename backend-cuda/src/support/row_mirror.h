template <class T> struct RowMirror : Mirror<T> {  // of rows
    RowMirror(const void *host, size_t count, int line, size_t pitch, size_t width, bool is_loose, size_t alignment = alignof(T))
        : Mirror<T>(host, count, line, alignment, true, pitch, width, is_loose) {}
    RowMirror(const void *host, size_t count, int line, size_t pitch, size_t width, bool is_loose, size_t plane, size_t rows, size_t alignment = alignof(T))
        : Mirror<T>(host, count, line, alignment, true, pitch, width, is_loose, plane, rows) {}
};
