template <class T> int plane_spacing(const T *planes, long count, long row) {  // how many elements further a row of each plane starts
    if (count < 2) return INT_MAX;
    auto between = [=](long i) { return (uintptr_t)planes[i][row] - (uintptr_t)planes[i - 1][row]; };
    for (long i = 2; i < count; i++)
        if (between(i) != between(1)) return 0;
    return between(1) <= INT_MAX && between(1) % sizeof(***planes) == 0 ? between(1) / sizeof(***planes) : 0;
}
template <class T> int row_spacing(const T *planes, long count, long first, long rows) {  // the same in all planes
    if (rows < 2) return plane_spacing(planes, count, first);
    int spacing = row_spacing(planes[0] + first, rows);
    for (long i = 1; i < count && spacing > 0; i++)
        if (row_spacing(planes[i] + first, rows) != spacing) spacing = 0;
    return spacing;
}
