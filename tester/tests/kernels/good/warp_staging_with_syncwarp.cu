// expect: pass
// Lanes exchange values through shared memory that only their warp uses; __syncwarp orders memory among the lanes that take part.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void transpose_4_by_8(short *x) {
    __shared__ short s[2][32];
    int lane = threadIdx.x & 31, warp = threadIdx.x >> 5;
    short *mine = s[warp];
    mine[lane] = x[threadIdx.x];
    __syncwarp();
    x[threadIdx.x] = mine[lane % 4 * 8 + lane / 4];
}

int main() {
    short host[64], *x;
    for (int i = 0; i < 64; i++) host[i] = (short)i;
    cudaMalloc(&x, sizeof host);
    cudaMemcpy(x, host, sizeof host, cudaMemcpyHostToDevice);
    transpose_4_by_8<<<1, 64>>>(x);
    cudaMemcpy(host, x, sizeof host, cudaMemcpyDeviceToHost);
    for (int i = 0; i < 64; i++)
        if (host[i] != i / 32 * 32 + i % 4 * 8 + i % 32 / 4) return 1;
    printf("%d\n", host[1]);
    return 0;
}
