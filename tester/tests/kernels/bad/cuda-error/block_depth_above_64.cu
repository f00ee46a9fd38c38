// expect: cuda-error
// The block has 256 threads only, but its z dimension is above 64.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void fill(char *x) { x[threadIdx.z * 2 + threadIdx.x] = 1; }

int main() {
    char *x;
    cudaMalloc(&x, 256);
    dim3 block(2, 1, 128);
    fill<<<1, block>>>(x);
    cudaDeviceSynchronize();
    printf("launched\n");
    return 0;
}
