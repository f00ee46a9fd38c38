template <class T> T greatest(const T *numbers, long count, const T *next = nullptr) {  // of those that all lie as far apart as these two
    uintptr_t step = next ? (uintptr_t)next - (uintptr_t)numbers : sizeof(T);
    T most = count > 0 ? *numbers : T();
    for (long i = 1; i < count; i++) {
        T own = *(const T *)((uintptr_t)numbers + i * step);
        if (own > most) most = own;
    }
    return most;
}
