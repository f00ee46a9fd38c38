struct Range {
    uintptr_t begin, end;
    template <class T, class N> Range(T *first, N count) : begin((uintptr_t)first), end(begin + (size_t)count * sizeof(T)) {}
};
