// expect: crash
// The host takes the remainder by a count that the kernel left at zero.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void count_above(const double *x, int n, double limit, unsigned *count) {
    int i = threadIdx.x;
    if (i < n && x[i] > limit) atomicAdd(count, 1u);
}

int main() {
    double host[6] = {0.1, 0.2, 0.3, 0.4, 0.5, 0.6}, *x;
    unsigned *count, got = 9;
    cudaMalloc(&x, sizeof host);
    cudaMalloc(&count, sizeof got);
    cudaMemset(count, 0, sizeof got);
    cudaMemcpy(x, host, sizeof host, cudaMemcpyHostToDevice);
    count_above<<<1, 32>>>(x, 6, 0.9, count);
    cudaMemcpy(&got, count, sizeof got, cudaMemcpyDeviceToHost);
    printf("%u\n", 100 % got);
    return 0;
}
