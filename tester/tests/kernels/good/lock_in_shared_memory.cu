// expect: pass
// The warps of a block share a counter under a lock in shared memory; a fence of the block is enough for them.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void count(int *total) {
    __shared__ int lock, counter;
    if (threadIdx.x == 0) lock = counter = 0;
    __syncthreads();
    if (threadIdx.x % 32 == 5) {
        while (atomicCAS(&lock, 0, 1) != 0) {}
        __threadfence_block();
        counter = counter + 1;
        __threadfence_block();
        atomicExch(&lock, 0);
    }
    __syncthreads();
    if (threadIdx.x == 0) total[blockIdx.x] = counter;
}

int main() {
    int total[3], *device;
    cudaMalloc(&device, sizeof total);
    count<<<3, 256>>>(device);
    cudaMemcpy(total, device, sizeof total, cudaMemcpyDeviceToHost);
    for (int b = 0; b < 3; b++)
        if (total[b] != 8) return 1;
    printf("ok\n");
    return 0;
}
