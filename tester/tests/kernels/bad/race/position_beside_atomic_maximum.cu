// expect: race
// The maximum is found atomically, its position is written beside it by every thread that raised it.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void largest(const int *x, int n, int *best, int *where) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n && atomicMax(best, x[i]) < x[i]) *where = i;
}

int main() {
    const int n = 100;
    int x[n], *x_device, *best, *where, got;
    for (int i = 0; i < n; i++) x[i] = i;
    cudaMalloc(&x_device, sizeof x);
    cudaMalloc(&best, sizeof *best);
    cudaMalloc(&where, sizeof *where);
    cudaMemcpy(x_device, x, sizeof x, cudaMemcpyHostToDevice);
    cudaMemset(best, 0xff, sizeof *best);
    largest<<<2, 64>>>(x_device, n, best, where);
    cudaMemcpy(&got, where, sizeof got, cudaMemcpyDeviceToHost);
    printf("%d\n", got);
    return 0;
}
