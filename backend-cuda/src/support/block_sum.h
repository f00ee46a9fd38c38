template <unsigned threads, class T> __device__ void block_sum(T &value) {
    block_reduce<threads>(value, [](T &sum, T other) { sum += other; });
}
