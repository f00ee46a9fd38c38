// expect: race
// Two lanes read a value; the one that changes it met the first before it read, and only the second after it had read.
#include <cuda_runtime.h>
#include <cstdio>
__global__ void k(int *data, int *got) {
    int lane = threadIdx.x, sum = 0;
    if (lane == 0) {   // A
        __syncwarp(0x9); __syncwarp(0x9);
        __syncwarp(0x5);
        sum = *data;
        __ballot_sync(0x3, 1);
    } else if (lane == 1) { // B
        __ballot_sync(0x3, 1);
        sum = *data;
        __syncwarp(0x6);
    } else if (lane == 2) { // C
        __syncwarp(0x5);
        __syncwarp(0x6);
        *data = 7;
    } else { __syncwarp(0x9); __syncwarp(0x9); }
    got[lane] = sum;
}
int main() {
    int *m, got[4];
    cudaMalloc(&m, 6 * sizeof(int)); cudaMemset(m, 0, 6 * sizeof(int));
    k<<<1, 4>>>(m + 1, m + 2);
    cudaMemcpy(got, m + 2, sizeof got, cudaMemcpyDeviceToHost);
    printf("%d %d\n", got[0], got[1]);
    return 0;
}
