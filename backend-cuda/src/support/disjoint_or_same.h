// Whether two ranges share no byte, or begin with the same one.
template <class A, class B> bool disjoint_or_same(A *a, size_t a_count, B *b, size_t b_count) {
    auto p = (uintptr_t)a, q = (uintptr_t)b;
    return p == q || p + a_count * sizeof(A) <= q || q + b_count * sizeof(B) <= p;
}
