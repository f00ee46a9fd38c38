template <class T> int row_spacing_if_there(const T *rows, long count) {
    return count > 0 && accessible(rows, count) ? row_spacing(rows, count) : 0;
}
