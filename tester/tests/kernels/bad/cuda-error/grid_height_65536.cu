// expect: cuda-error
// The y dimension of a grid is at most 65535; the rows must go to x.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void row(unsigned *sum) {
    if (blockIdx.y % 16384 == 0) atomicAdd(sum, blockIdx.y);
}

int main() {
    unsigned *sum;
    cudaMalloc(&sum, sizeof(unsigned));
    cudaMemset(sum, 0, sizeof(unsigned));
    row<<<dim3(1, 65536), 1>>>(sum);
    cudaDeviceSynchronize();
    printf("rows\n");
    return 0;
}
