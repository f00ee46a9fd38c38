// expect: pass
// Blocks behind the end of the data leave as a whole before the barrier; the condition is the same in all threads of a block.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void pairs(const float *x, int n, float *y) {
    __shared__ float s[10];
    int first = blockIdx.x * 10, t = threadIdx.x;
    if (first >= n) return;
    s[t] = first + t < n ? x[first + t] : 0.0f;
    __syncthreads();
    if (first + t < n) y[first + t] = s[t] * s[9 - t];
}

int main() {
    float host[20], got[20], *x, *y;
    for (int i = 0; i < 20; i++) host[i] = i + 1.0f;
    cudaMalloc(&x, sizeof host);
    cudaMalloc(&y, sizeof host);
    cudaMemcpy(x, host, sizeof host, cudaMemcpyHostToDevice);
    pairs<<<4, 10>>>(x, 20, y);
    cudaMemcpy(got, y, sizeof got, cudaMemcpyDeviceToHost);
    for (int i = 0; i < 20; i++)
        if (got[i] != host[i] * host[i / 10 * 10 + 9 - i % 10]) return 1;
    printf("%g\n", got[19]);
    return 0;
}
