// Joins the values of a block's threads in an order that their number decides; thread 0 has the result.
// A lane that has no part in a round of the first warp may read anything, and does not join it.
template <unsigned threads, class T, class Join> __device__ void block_reduce(T &value, Join join) {
    constexpr bool ends_in_warp = threads > 64 && (threads & (threads - 1)) == 0;
    __shared__ T values[threads];
    const unsigned thread = (threadIdx.z * blockDim.y + threadIdx.y) * blockDim.x + threadIdx.x;
    values[thread] = value;
    __syncthreads();
    unsigned step = 1;
    while (2 * step < threads) step *= 2;
    for (; step >= (ends_in_warp ? 32 : 1); step /= 2) {
        if (thread < step && thread + step < threads) {
            join(value, values[thread + step]);
            values[thread] = value;
        }
        __syncthreads();
    }
    if (ends_in_warp && thread < 32)
        for (step = 16; step > 0; step /= 2) {
            const T other = __shfl_down_sync(0xffffffffu, value, step);
            if (thread < step) join(value, other);
        }
}
