struct Planes {  // the first `used` bytes of each `pitch` of `size`, in planes of rows
    uintptr_t first; size_t size, pitch, used;
    template <class T, class A, class B = int, class C = int, class D = int, class E = int>
    Planes(const T *p, A count, B row = 0, C width = 0, D plane = 0, E rows = 0) : first((uintptr_t)p), size(count * sizeof(T)), pitch(plane * sizeof(T)) {
        used = rows > 0 ? ((rows - 1) * (size_t)row + width) * sizeof(T) : size;
    }
    bool meets(uintptr_t at, uintptr_t end) const {
        if (at == end || end <= first || first + size <= at) return false;
        size_t behind = at < first || pitch == 0 ? 0 : (at - first) % pitch;
        return behind < used || pitch < behind + (end - at);
    }
};
template <class T> bool disjoint(Planes a, const T *b, size_t count) { return !a.meets((uintptr_t)b, (uintptr_t)(b + count)); }
template <class T> bool disjoint(Planes a, const T *planes, size_t count, size_t row, size_t rows) {  // pointers to planes and to rows
    bool is_apart = disjoint(a, planes, count);
    for (size_t i = 0; i < count && is_apart; i++) is_apart = disjoint(a, planes[i] + row, rows);
    return is_apart;
}
