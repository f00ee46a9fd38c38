// expect: pass
// All lanes of a warp take one spin lock; since Volta the holder goes on although the others spin, and gives it back (guide, Independent Thread Scheduling).
#include <cuda_runtime.h>
#include <cstdio>

__global__ void deposit(int *lock, int *balance) {
    bool done = false;
    while (!done) {
        if (atomicCAS(lock, 0, 1) == 0) {
            __threadfence();
            *balance += threadIdx.x + 1;
            __threadfence();
            atomicExch(lock, 0);
            done = true;
        }
    }
}

int main() {
    int *memory, host[2] = {0, 0};
    cudaMalloc(&memory, sizeof host);
    cudaMemcpy(memory, host, sizeof host, cudaMemcpyHostToDevice);
    deposit<<<2, 10>>>(memory, memory + 1);
    cudaMemcpy(host, memory, sizeof host, cudaMemcpyDeviceToHost);
    printf("%d\n", host[1]);
    return host[1] != 110;
}
