template <class T> int row_spacing(const T *rows, long count) {  // how many elements further each row starts; 0: no such number
    if (count < 2) return INT_MAX;
    auto between = [rows](long i) { return (uintptr_t)rows[i] - (uintptr_t)rows[i - 1]; };
    for (long i = 2; i < count; i++)
        if (between(i) != between(1)) return 0;
    auto spacing = between(1) / sizeof(**rows);
    return spacing <= INT_MAX && spacing * sizeof(**rows) == between(1) ? (int)spacing : 0;
}
