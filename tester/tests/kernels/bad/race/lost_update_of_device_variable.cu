// expect: race
// One thread of each block increases a __device__ counter with a plain += .
#include <cuda_runtime.h>
#include <cstdio>

__device__ unsigned long long counter;

__global__ void visit() {
    __syncthreads();
    if (threadIdx.x == blockDim.x - 1) counter += blockIdx.x + 1;
}

int main() {
    visit<<<4, 33>>>();
    unsigned long long value = 0;
    cudaMemcpyFromSymbol(&value, counter, sizeof value);
    printf("%d\n", value <= 10);
    return 0;
}
