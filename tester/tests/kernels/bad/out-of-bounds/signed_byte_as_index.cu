// expect: out-of-bounds
// Keys above 127 become negative in a signed char, and the histogram is indexed with them.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void histogram(const signed char *keys, int n, unsigned *bins) {
    for (int i = threadIdx.x; i < n; i += 32) atomicAdd(bins + keys[i], 1u);
}

int main() {
    signed char host[64], *keys;
    unsigned *bins, got[256];
    for (int i = 0; i < 64; i++) host[i] = (signed char)(i == 40 ? 200 : i);
    cudaMalloc(&keys, 64);
    cudaMalloc(&bins, sizeof got);
    cudaMemset(bins, 0, sizeof got);
    cudaMemcpy(keys, host, 64, cudaMemcpyHostToDevice);
    histogram<<<1, 32>>>(keys, 64, bins);
    cudaMemcpy(got, bins, sizeof got, cudaMemcpyDeviceToHost);
    printf("%u %u\n", got[3], got[63]);
    return 0;
}
