// expect: pass
// atomicMin_block is enough where only the threads of one block share the word.
#include <cuda_runtime.h>
#include <cstdio>
#include <cstdlib>

__global__ void nearest(const int *x, int target, int *best) {
    __shared__ int distance;
    if (threadIdx.x == 0) distance = 1 << 30;
    __syncthreads();
    atomicMin_block(&distance, abs(x[blockIdx.x * blockDim.x + threadIdx.x] - target));
    __syncthreads();
    if (threadIdx.x == 0) best[blockIdx.x] = distance;
}

int main() {
    int host[60], *x, *best, got[3];
    for (int i = 0; i < 60; i++) host[i] = 10 * i;
    cudaMalloc(&x, sizeof host);
    cudaMalloc(&best, sizeof got);
    cudaMemcpy(x, host, sizeof host, cudaMemcpyHostToDevice);
    nearest<<<3, 20>>>(x, 234, best);
    cudaMemcpy(got, best, sizeof got, cudaMemcpyDeviceToHost);
    printf("%d %d %d\n", got[0], got[1], got[2]);
    return got[0] != 44 || got[1] != 4 || got[2] != 166;
}
