template <class T> int row_spacing_if_there(const T *planes, long count, long first, long rows) {
    if (count < 1 || rows < 1 || !accessible(planes, count)) return 0;
    auto low = planes[0], high = planes[0];
    for (long i = 1; i < count; i++) low = planes[i] < low ? planes[i] : low, high = high < planes[i] ? planes[i] : high;
    return accessible(low + first, (size_t)(high - low) + rows) ? row_spacing(planes, count, first, rows) : 0;
}
