// expect: deadlock
// One block takes lock 0 then 1, the other 1 then 0, and each waits until the other has its first.
#include <cuda_runtime.h>
#include <cstdio>

__device__ void take(int *lock) {
    while (atomicCAS(lock, 0, 1) != 0) {}
    __threadfence();
}

__device__ void give(int *lock) {
    __threadfence();
    atomicExch(lock, 0);
}

__global__ void swap(int *locks, int *holders) {
    int *first = &locks[blockIdx.x], *second = &locks[1 - blockIdx.x];
    take(first);
    atomicAdd(holders, 1);
    while (atomicAdd(holders, 0) < 2) {}
    take(second);
    give(second);
    give(first);
}

int main() {
    int *memory;
    cudaMalloc(&memory, 3 * sizeof(int));
    cudaMemset(memory, 0, 3 * sizeof(int));
    swap<<<2, 1>>>(memory, memory + 2);
    cudaDeviceSynchronize();
    printf("done\n");
    return 0;
}
