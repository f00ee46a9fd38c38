// expect: crash
// An assertion in the kernel fails for one element.
#include <assert.h>
#include <cuda_runtime.h>
#include <cstdio>
#include <math.h>

__global__ void roots(const float *x, float *y, int n) {
    int i = threadIdx.x;
    if (i >= n) return;
    assert(x[i] >= 0);
    y[i] = sqrtf(x[i]);
}

int main() {
    float host[5] = {0, 1, 4, -9, 16}, *x;
    cudaMalloc(&x, sizeof host);
    cudaMemcpy(x, host, sizeof host, cudaMemcpyHostToDevice);
    roots<<<1, 8>>>(x, x, 5);
    cudaMemcpy(host, x, sizeof host, cudaMemcpyDeviceToHost);
    printf("%g\n", host[4]);
    return 0;
}
