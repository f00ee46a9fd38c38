// expect: pass
// A lock by compare and swap, with fences, protects a plain counter.
#include <cuda_runtime.h>
#include <cstdio>
__global__ void count(int *lock, int *counter) {
    if (threadIdx.x % 32 == 0) {
        while (atomicCAS(lock, 0, 1) != 0) {}
        __threadfence();
        *counter = *counter + 1;
        __threadfence();
        atomicExch(lock, 0);
    }
}
int main() {
    int *memory, result[2];
    cudaMalloc(&memory, sizeof result);
    cudaMemset(memory, 0, sizeof result);
    count<<<10, 128>>>(memory, memory + 1);
    cudaMemcpy(result, memory, sizeof result, cudaMemcpyDeviceToHost);
    printf("%d\n", result[1]);
    return result[1] != 40;
}
