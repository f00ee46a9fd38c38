// expect: pass
// A long loop of atomics that change nothing is no waiting.
#include <cuda_runtime.h>
#include <cstdio>
__global__ void k(const int *x, int *most, int n) { for (int i = 0; i < n; i++) atomicMax(most, x[i]); }
int main() {
    const int n = 20000;
    static int host[n];
    int *x, *most, result;
    for (int i = 0; i < n; i++) host[i] = n - i;
    cudaMalloc(&x, sizeof host);
    cudaMalloc(&most, 4);
    cudaMemset(most, 0, 4);
    cudaMemcpy(x, host, sizeof host, cudaMemcpyHostToDevice);
    k<<<2, 4>>>(x, most, n);
    cudaMemcpy(&result, most, 4, cudaMemcpyDeviceToHost);
    printf("%d\n", result);
    return result != n;
}
