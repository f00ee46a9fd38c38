// expect: race
// The producer reads once more what the consumer, which it let go on and did not wait for in order, may change.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void hand_over(int *flag, int *data, int *got) {
    int first = *data;
    if (blockIdx.x == 0) {
        __threadfence();
        atomicExch(flag, 1);
        while (atomicAdd(flag, 0) != 2) {}
        *got = first + *data;
    } else {
        while (atomicAdd(flag, 0) == 0) {}
        *data = 7;
        atomicExch(flag, 2);
    }
}

int main() {
    int *memory, got;
    cudaMalloc(&memory, 3 * sizeof(int));
    cudaMemset(memory, 0, 3 * sizeof(int));
    hand_over<<<2, 1>>>(memory, memory + 1, memory + 2);
    cudaMemcpy(&got, memory + 2, sizeof got, cudaMemcpyDeviceToHost);
    printf("%d\n", got);
    return got != 7;
}
