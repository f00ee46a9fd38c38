// expect: race
// One thread publishes for the whole block without waiting for the others first.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void hand_over(int *flag, int *data, int *got) {
    int t = threadIdx.x;
    if (blockIdx.x == 0) {
        data[t] = t;
        if (t == 0) {
            __threadfence();
            atomicExch(flag, 1);
        }
    } else {
        if (t == 0)
            while (atomicAdd(flag, 0) == 0) {}
        __syncthreads();
        got[t] = data[t];
    }
}

int main() {
    int *memory, got[64];
    cudaMalloc(&memory, 129 * sizeof(int));
    cudaMemset(memory, 0, 129 * sizeof(int));
    hand_over<<<2, 64>>>(memory, memory + 1, memory + 65);
    cudaMemcpy(got, memory + 65, sizeof got, cudaMemcpyDeviceToHost);
    for (int i = 0; i < 64; i++)
        if (got[i] != i) return 1;
    printf("ok\n");
    return 0;
}
