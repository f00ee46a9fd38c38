// Returns what comes before the block, joined with the values of the threads before this one.
template <unsigned threads, class Operator, class T> __device__ T block_scan(T value, T before) {
    constexpr unsigned lanes = threads % 32 == 0 ? 32 : 1;
    __shared__ T of_group[threads / lanes];
    const unsigned lane = threadIdx.x % lanes, group = threadIdx.x / lanes;
    for (unsigned step = 1; step < lanes; step *= 2) {
        T sum = __shfl_up_sync(0xffffffffu, value, step);
        if (lane < step) continue;
        Operator::join(sum, value);
        value = sum;
    }
    if (lane == lanes - 1) of_group[group] = value;
    __syncthreads();
    for (unsigned each = 0; each < group; each++) Operator::join(before, of_group[each]);
    if (lanes > 1) {
        const T lower = __shfl_up_sync(0xffffffffu, value, 1);
        if (lane > 0) Operator::join(before, lower);
    }
    __syncthreads();
    return before;
}
// One block puts in the place of each value what comes before it, and in `total` what comes of all.
template <class Operator, class T> __global__ void scan_values(T *values, long count, T before, T *total) {
    constexpr int own = 4, threads = 1024;
    __shared__ T last;
    for (long start = 0; start < count; start += own * threads) {
        const long first = start + own * threadIdx.x, end = first + own < count ? first + own : count;
        T sum = first < end ? values[first] : before;
        for (long i = first + 1; i < end; i++) Operator::join(sum, values[i]);
        sum = block_scan<threads, Operator>(sum, before);
        for (long i = first; i < end; i++) {
            const T value = values[i];
            values[i] = sum;
            Operator::join(sum, value);
        }
        if (first < end && (end == count || threadIdx.x == threads - 1)) last = sum;
        __syncthreads();
        before = last;
        __syncthreads();
    }
    if (threadIdx.x == 0) *total = before;
}
template <class Operator, class T, class Before> T scan(Buffer<T> &values, Before before) {
    Buffer<T> total(1, values.line);
    scan_values<Operator, T><<<1, 1024>>>(values.device, (long)values.count, (T)before, total.device);
    launched("scan_values", values.line);
    return total.all()[0];
}
