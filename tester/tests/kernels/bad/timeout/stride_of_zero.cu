// expect: timeout
// The stride is the number of warps rounded down, which is zero for this block.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void mark(volatile int *x, int n) {
    int step = blockDim.x / 32;
    for (int i = threadIdx.x; i < n; i += step) x[i] = 1;
}

int main() {
    int *x;
    cudaMalloc(&x, 16 * sizeof(int));
    mark<<<1, 16>>>(x, 16);
    cudaDeviceSynchronize();
    printf("marked\n");
    return 0;
}
