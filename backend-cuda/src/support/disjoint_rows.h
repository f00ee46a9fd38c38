struct Rows {  // the first `width` bytes of each `pitch` of `size`
    uintptr_t first; size_t size, pitch, width;
    template <class T, class A, class B, class C> Rows(const T *p, A count, B distance, C used)
        : first((uintptr_t)p), size(count * sizeof(T)), pitch(distance * sizeof(T)), width(used * sizeof(T)) {}
};
inline bool disjoint(Rows a, Rows b) {  // those of one may lie between those of the other
    if (a.size == 0 || b.size == 0 || a.first + a.size <= b.first || b.first + b.size <= a.first) return true;
    if (a.first > b.first) return disjoint(b, a);
    size_t at = (b.first - a.first) % a.pitch;
    return a.pitch == b.pitch && a.width <= at && at + b.width <= a.pitch;
}
