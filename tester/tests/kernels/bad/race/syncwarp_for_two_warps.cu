// expect: race
// The barrier is one of a warp, but the element comes from the block's other warp.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void swap_halves(float *x) {
    __shared__ float s[64];
    s[threadIdx.x] = 0;
    __syncthreads();
    s[threadIdx.x] = x[threadIdx.x];
    __syncwarp();
    x[threadIdx.x] = s[(threadIdx.x + 32) % 64];
}

int main() {
    float host[64], *x;
    for (int i = 0; i < 64; i++) host[i] = i * 0.25f;
    cudaMalloc(&x, sizeof host);
    cudaMemcpy(x, host, sizeof host, cudaMemcpyHostToDevice);
    swap_halves<<<1, 64>>>(x);
    cudaMemcpy(host, x, sizeof host, cudaMemcpyDeviceToHost);
    int wrong = 0;
    for (int i = 0; i < 64; i++) wrong += host[i] != (i + 32) % 64 * 0.25f;
    printf("finished\n");
    return wrong ? 1 : 0;
}
