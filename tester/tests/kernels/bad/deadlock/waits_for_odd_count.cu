// expect: deadlock
// Everybody adds two, and one thread waits until the sum is exactly seven.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void gather(int *sum, int *seen) {
    atomicAdd(sum, 2);
    if (threadIdx.x == 5) {
        int now;
        do now = atomicOr(sum, 0);
        while (now != 7);
        *seen = now;
    }
}

int main() {
    int *memory, host[2] = {0, 0};
    cudaMalloc(&memory, sizeof host);
    cudaMemcpy(memory, host, sizeof host, cudaMemcpyHostToDevice);
    gather<<<1, 10>>>(memory, memory + 1);
    cudaMemcpy(host, memory, sizeof host, cudaMemcpyDeviceToHost);
    printf("%d\n", host[1]);
    return host[1] != 7;
}
