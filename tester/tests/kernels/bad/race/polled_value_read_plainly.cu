// expect: race
// A polls a value of another block atomically, and then reads it plainly; nothing orders that read with the write.
#include <cuda_runtime.h>
#include <cstdio>
__global__ void k(int *flag, int *data, int *got) {
    if (blockIdx.x == 0) {
        if (threadIdx.x == 0) {            // D, of another warp
            got[0] = *data;
            __threadfence();
            atomicExch(flag, 1);
        } else if (threadIdx.x == 32) {    // A
            while (*(volatile int *)(flag + 1) == 0) {}
            while (*(volatile int *)data != 7) {}
            got[1] = *data;
        }
    } else if (threadIdx.x == 0) {         // C
        while (atomicAdd(flag, 0) == 0) {}
        atomicExch(data, 7);
        atomicExch(flag + 1, 1);
    }
}
int main() {
    int *m, got[2];
    cudaMalloc(&m, 6 * sizeof(int)); cudaMemset(m, 0, 6 * sizeof(int));
    k<<<2, 64>>>(m, m + 2, m + 3);
    cudaMemcpy(got, m + 3, sizeof got, cudaMemcpyDeviceToHost);
    printf("%d %d\n", got[0], got[1]);
    return 0;
}
