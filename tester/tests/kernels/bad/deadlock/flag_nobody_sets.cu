// expect: deadlock
// The producer sets flag 1, the consumer waits for flag 2.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void hand_over(volatile int *flags, int *value) {
    if (blockIdx.x == 0) {
        *value = 8;
        __threadfence();
        flags[1] = 1;
    } else {
        while (flags[2] == 0) {}
        __threadfence();
        *value += 1;
    }
}

int main() {
    int *flags, *value;
    cudaMalloc(&flags, 4 * sizeof(int));
    cudaMalloc(&value, sizeof(int));
    cudaMemset(flags, 0, 4 * sizeof(int));
    hand_over<<<2, 1>>>(flags, value);
    cudaDeviceSynchronize();
    printf("handed over\n");
    return 0;
}
