// expect: uninitialised
// The first kernel leaves the elements of odd index alone, the second one reads every element.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void first(double *t, int n) {
    int i = threadIdx.x;
    if (i < n && !(i & 1)) t[i] = i;
}
__global__ void second(const double *t, double *u, int n) {
    int i = threadIdx.x;
    if (i < n) u[i] = t[i] * 0.0 + 1.0;
}

int main() {
    const int n = 15;
    double *t, *u, host[n];
    cudaMalloc(&t, sizeof host);
    cudaMalloc(&u, sizeof host);
    first<<<1, 16>>>(t, n);
    second<<<1, 16>>>(t, u, n);
    cudaMemcpy(host, u, sizeof host, cudaMemcpyDeviceToHost);
    printf("%g\n", host[14]);
    return host[14] != 1.0;
}
