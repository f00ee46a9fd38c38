// expect: cuda-error
// The kernel promises at most 64 threads a block, and is launched with 96.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void __launch_bounds__(64) ids(int *x) { x[threadIdx.x] = threadIdx.x; }

int main() {
    int *x;
    cudaMalloc(&x, 96 * sizeof(int));
    ids<<<1, 96>>>(x);
    cudaDeviceSynchronize();
    printf("ids\n");
    cudaFree(x);
    return 0;
}
