// expect: pass
// A consumer block sleeps longer and longer while it polls; the producer comes in the end.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void hand_over(volatile int *flag, int *data, int *got) {
    if (threadIdx.x != 0) return;
    if (blockIdx.x == gridDim.x - 1) {
        int sum = 0;
        for (int i = 1; i <= 1000; i++) sum += i;
        *data = sum;
        __threadfence();
        *flag = 1;
    } else if (blockIdx.x == 0) {
        for (unsigned pause = 8; *flag == 0; pause = pause < 1024 ? pause * 2 : pause) __nanosleep(pause);
        __threadfence();
        *got = *data;
    }
}

int main() {
    int *memory, got;
    cudaMalloc(&memory, 3 * sizeof(int));
    cudaMemset(memory, 0, 3 * sizeof(int));
    hand_over<<<4, 32>>>(memory, memory + 1, memory + 2);
    cudaMemcpy(&got, memory + 2, sizeof got, cudaMemcpyDeviceToHost);
    printf("%d\n", got);
    return got != 500500;
}
