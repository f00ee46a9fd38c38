// expect: pass
// A warp sums by shuffles; every lane takes part, those past the end with the value zero.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void sum(const double *x, int n, double *out) {
    double v = threadIdx.x < n ? x[threadIdx.x] : 0.0;
    for (int d = 16; d; d >>= 1) v += __shfl_down_sync(0xffffffffu, v, d);
    if (threadIdx.x == 0) *out = v;
}

int main() {
    double host[27], *x, *out, got;
    for (int i = 0; i < 27; i++) host[i] = 0.5 * i;
    cudaMalloc(&x, sizeof host);
    cudaMalloc(&out, sizeof got);
    cudaMemcpy(x, host, sizeof host, cudaMemcpyHostToDevice);
    sum<<<1, 32>>>(x, 27, out);
    cudaMemcpy(&got, out, sizeof got, cudaMemcpyDeviceToHost);
    printf("%g\n", got);
    return got != 175.5;
}
