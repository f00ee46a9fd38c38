// expect: divergent-barrier
// The lanes of one warp meet at a __syncwarp with different masks that overlap; all lanes named must give the same mask.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void meet(unsigned char *x) {
    __shared__ unsigned char s[32];
    int lane = threadIdx.x;
    s[lane] = (unsigned char)lane;
    unsigned mask = lane < 16 ? 0x0001ffffu : 0xffff0000u;
    __syncwarp(mask);
    x[lane] = s[lane ^ 1];
}

int main() {
    unsigned char *x, host[32];
    cudaMalloc(&x, sizeof host);
    meet<<<1, 32>>>(x);
    cudaMemcpy(host, x, sizeof host, cudaMemcpyDeviceToHost);
    printf("%d\n", host[31]);
    return host[31] != 30;
}
