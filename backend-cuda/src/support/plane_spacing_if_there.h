template <class T> int row_spacing_if_there(const T *planes, long count, long first, long rows) {
    if (count < 1 || rows < 1 || !accessible(planes, count)) return 0;
    uintptr_t low = UINTPTR_MAX, high = 0;
    for (long i = 0; i < count; i++) {
        auto at = (uintptr_t)planes[i];
        low = at < low ? at : low, high = high < at ? at : high;
    }
    return accessible((T)low + first, (high - low) / sizeof(*planes[0]) + 1 + rows) ? row_spacing(planes, count, first, rows) : 0;
}
