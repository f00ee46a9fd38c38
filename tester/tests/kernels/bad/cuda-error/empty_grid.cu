// expect: cuda-error
// For an empty input the host computes zero blocks, and a launch of zero blocks is an invalid configuration.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void scale(float *x, int n, float f) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) x[i] *= f;
}

int main() {
    float *x;
    cudaMalloc(&x, 64 * sizeof(float));
    cudaMemset(x, 0, 64 * sizeof(float));
    for (int n = 64; n >= 0; n -= 64) scale<<<(n + 31) / 32, 32>>>(x, n, 2.0f);
    cudaDeviceSynchronize();
    printf("scaled\n");
    cudaFree(x);
    return 0;
}
