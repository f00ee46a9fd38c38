// expect: out-of-bounds
// cudaMalloc is told the number of elements instead of their bytes.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void fill(double *x, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) x[i] = i;
}

int main() {
    const int n = 100;
    double *x;
    cudaMalloc(&x, n);
    fill<<<2, 64>>>(x, n);
    printf("%d\n", (int)cudaDeviceSynchronize());
    return 0;
}
