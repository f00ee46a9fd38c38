// expect: race
// The barrier of one half does not order the other.
#include <cuda_runtime.h>
#include <cstdio>
__global__ void sums(const int *x, int *y) {
    __shared__ int s[64];
    int t = threadIdx.x, lane = t % 16;
    unsigned mask = t % 32 < 16 ? 0x0000ffffu : 0xffff0000u; int other = t ^ 16;
    s[t] = x[t];
    __syncwarp(mask);
    for (int k = 8; k > 0; k /= 2) {
        int v = lane < k ? s[other + 0] : 0;
        __syncwarp(mask);
        s[t] += v;
        __syncwarp(mask);
    }
    if (lane == 0) y[t / 16] = s[t];
}
int main() {
    int x[64], y[4], *xd, *yd;
    for (int i = 0; i < 64; i++) x[i] = i;
    cudaMalloc(&xd, sizeof x);
    cudaMalloc(&yd, sizeof y);
    cudaMemcpy(xd, x, sizeof x, cudaMemcpyHostToDevice);
    sums<<<1, 64>>>(xd, yd);
    cudaMemcpy(y, yd, sizeof y, cudaMemcpyDeviceToHost);
    for (int h = 0; h < 4; h++)
        if (y[h] != 16 * 16 * h + 120) return 1;
    printf("ok\n");
    return 0;
}
