// expect: pass
// Two lanes read a value, meet, one reads it again and hands it over to another block, which changes it.
#include <cuda_runtime.h>
#include <cstdio>
__global__ void k(int *flag, int *data, int *got) {
    if (blockIdx.x == 0) {
        int lane = threadIdx.x, sum = 0;
        if (lane == 1) __syncwarp(0x6);
        if (lane == 2) __syncwarp(0x6);
        if (lane < 2) { sum = *data; __syncwarp(0x3); }
        if (lane == 0) {
            sum += *data;
            __threadfence();
            atomicExch(flag, 1);
        }
        got[lane] = sum;
    } else if (threadIdx.x == 0) {
        while (atomicAdd(flag, 0) == 0) {}
        *data = 7;
    }
}
int main() {
    int *m, got[4];
    cudaMalloc(&m, 6 * sizeof(int)); cudaMemset(m, 0, 6 * sizeof(int));
    k<<<2, 4>>>(m, m + 1, m + 2);
    cudaMemcpy(got, m + 2, sizeof got, cudaMemcpyDeviceToHost);
    printf("%d %d\n", got[0], got[1]);
    return 0;
}
