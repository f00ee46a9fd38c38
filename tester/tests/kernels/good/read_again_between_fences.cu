// expect: pass
// A value is read again and again, and once more after another block has changed it in order.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void hand_over(int *flag, int *data, int *got) {
    if (blockIdx.x == 0) {
        int sum = 0;
        for (int i = 0; i < 5; i++) sum += *data;
        __threadfence();
        atomicExch(flag, 1);
        while (atomicAdd(flag, 0) != 2) {}
        __threadfence();
        for (int i = 0; i < 5; i++) sum += *(volatile int *)data;
        *got = sum;
    } else {
        while (atomicAdd(flag, 0) == 0) {}
        __threadfence();
        *data = 7;
        __threadfence();
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
    return got != 35;
}
