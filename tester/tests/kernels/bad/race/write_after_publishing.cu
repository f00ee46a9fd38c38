// expect: race
// The producer publishes and then writes the data once more.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void hand_over(int *flag, int *data, int *got) {
    if (blockIdx.x == 0) {
        *data = 7;
        __threadfence();
        atomicExch(flag, 1);
        *data = 7;
    } else {
        while (atomicAdd(flag, 0) == 0) {}
        __threadfence();
        *got = *data;
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
