// expect: deadlock
// Each block waits for the block before it, and the first one for the last: nobody starts.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void chain(unsigned *ready, int *sum) {
    unsigned b = blockIdx.x, before = (b + gridDim.x - 1) % gridDim.x;
    while (atomicAdd(&ready[before], 0u) == 0) __nanosleep(100);
    __threadfence();
    *sum += b;
    __threadfence();
    atomicExch(&ready[b], 1u);
}

int main() {
    unsigned *ready;
    int *sum, got;
    cudaMalloc(&ready, 3 * sizeof(unsigned));
    cudaMalloc(&sum, sizeof(int));
    cudaMemset(ready, 0, 3 * sizeof(unsigned));
    cudaMemset(sum, 0, sizeof(int));
    chain<<<3, 1>>>(ready, sum);
    cudaMemcpy(&got, sum, sizeof got, cudaMemcpyDeviceToHost);
    printf("%d\n", got);
    return got != 3;
}
