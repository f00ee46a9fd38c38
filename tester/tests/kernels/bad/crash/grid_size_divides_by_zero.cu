// expect: crash
// The host divides by a block size that it computed as zero.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void fill(int *x, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) x[i] = 1;
}

int main(int argc, char **) {
    volatile int n = 20 + argc - 1;
    int block = n / 32 * 32;
    int *x;
    cudaMalloc(&x, n * sizeof(int));
    int blocks = (n + block - 1) / block;
    fill<<<blocks, block>>>(x, n);
    cudaDeviceSynchronize();
    printf("%d\n", blocks);
    return 0;
}
