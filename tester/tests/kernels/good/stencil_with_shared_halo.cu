// expect: pass
// The first and last threads load the halo besides their own cell, and cells outside the line count as zero.
#include <cuda_runtime.h>
#include <cstdio>

template <int B> __global__ void smooth(const float *x, float *y, int n) {
    __shared__ float tile[B + 2];
    int t = threadIdx.x, i = blockIdx.x * B + t;
    tile[t + 1] = i < n ? x[i] : 0;
    if (t == 0) tile[0] = i > 0 ? x[i - 1] : 0;
    if (t == B - 1) tile[B + 1] = i + 1 < n ? x[i + 1] : 0;
    __syncthreads();
    if (i < n) y[i] = tile[t] + 2 * tile[t + 1] + tile[t + 2];
}

int main() {
    const int n = 50;
    float host[n], got[n], *x, *y;
    for (int i = 0; i < n; i++) host[i] = (float)(i * i % 13);
    cudaMalloc(&x, sizeof host);
    cudaMalloc(&y, sizeof host);
    cudaMemcpy(x, host, sizeof host, cudaMemcpyHostToDevice);
    smooth<16><<<(n + 15) / 16, 16>>>(x, y, n);
    cudaMemcpy(got, y, sizeof got, cudaMemcpyDeviceToHost);
    for (int i = 0; i < n; i++) {
        float want = (i ? host[i - 1] : 0) + 2 * host[i] + (i < n - 1 ? host[i + 1] : 0);
        if (got[i] != want) return 1;
    }
    printf("%g\n", got[0]);
    return 0;
}
