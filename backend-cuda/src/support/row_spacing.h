template <class T> int row_spacing(const T *rows, long count) {  // how many elements further each row starts; 0: no such number
    if (count < 2) return INT_MAX;
    auto between = [rows](long i) { return (uintptr_t)rows[i] - (uintptr_t)rows[i - 1]; };  // in bytes, as many as cudaMemcpy2D takes
    for (long i = 2; i < count; i++)
        if (between(i) != between(1)) return 0;
    return between(1) <= INT_MAX && between(1) % sizeof(**rows) == 0 ? between(1) / sizeof(**rows) : 0;
}
