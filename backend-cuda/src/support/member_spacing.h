template <class T> int row_spacing(const T *rows, long count, const T *next) {  // of pointers that all lie as far apart as these two
    std::vector<T> all;
    for (long i = 0; i < count; i++) all.push_back(*(const T *)((uintptr_t)rows + i * ((uintptr_t)next - (uintptr_t)rows)));
    return row_spacing(all.data(), count);
}
