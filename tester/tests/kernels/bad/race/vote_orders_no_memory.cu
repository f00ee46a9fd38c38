// expect: race
// Lane C changes the data after a warp barrier with A; A reads it again after a vote, which orders no memory.
#include <cuda_runtime.h>
#include <cstdio>
__global__ void k(int *flag, int *data, int *got) {
    int lane = threadIdx.x, sum = 0;
    if (lane == 0) {                       // A
        sum = *data;
        __syncwarp(0x5);
        __ballot_sync(0x3, 1);
        sum += *data;
    } else if (lane == 1) {                // B
        __syncwarp(0xa);
        while (atomicAdd(flag, 0) == 0) {}
        sum = *data;
        __ballot_sync(0x3, 1);
    } else if (lane == 2) {                // C
        __syncwarp(0x5);
        *data = 7;
        __threadfence();
        atomicExch(flag, 1);
    } else if (lane == 3) {                // E
        __syncwarp(0xa);
    }
    got[lane] = sum;
}
int main() {
    int *m, got[4];
    cudaMalloc(&m, 6 * sizeof(int)); cudaMemset(m, 0, 6 * sizeof(int));
    k<<<1, 4>>>(m, m + 1, m + 2);
    cudaMemcpy(got, m + 2, sizeof got, cudaMemcpyDeviceToHost);
    printf("%d %d\n", got[0], got[1]);
    return 0;
}
