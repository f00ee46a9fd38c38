// expect: cuda-error
// A block of 1025 threads is above the limit of 1024, and the launch is refused.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void fill(int *x) { x[threadIdx.x] = 1; }

int main() {
    int *x;
    cudaMalloc(&x, 1025 * sizeof(int));
    fill<<<1, 1025>>>(x);
    printf("%d\n", cudaDeviceSynchronize() == cudaSuccess);
    cudaFree(x);
    return 0;
}
