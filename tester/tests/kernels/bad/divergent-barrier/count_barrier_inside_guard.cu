// expect: divergent-barrier
// __syncthreads_count stands inside the guard of the last, partly filled block, and the threads outside the guard go on to another barrier.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void count_even(const unsigned *x, int n, int *counts) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    int even = 0;
    if (i < n) even = __syncthreads_count(x[i] % 2 == 0);
    __syncthreads();
    if (threadIdx.x == 0) counts[blockIdx.x] = even;
}

int main() {
    unsigned host[60], *x;
    int *counts, got[2];
    for (unsigned i = 0; i < 60; i++) host[i] = i;
    cudaMalloc(&x, sizeof host);
    cudaMalloc(&counts, sizeof got);
    cudaMemcpy(x, host, sizeof host, cudaMemcpyHostToDevice);
    count_even<<<2, 40>>>(x, 60, counts);
    cudaMemcpy(got, counts, sizeof got, cudaMemcpyDeviceToHost);
    printf("%d %d\n", got[0], got[1]);
    return got[0] != 20 || got[1] != 10;
}
