// expect: pass
// The Hillis-Steele scan works in place, because one barrier stands between reading and writing and another after writing.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void scan(int *x, int n) {
    int t = threadIdx.x;
    for (int d = 1; d < n; d *= 2) {
        int add = t >= d ? x[t - d] : 0;
        __syncthreads();
        x[t] += add;
        __syncthreads();
    }
}

int main() {
    const int n = 45;
    int host[n], *x;
    for (int i = 0; i < n; i++) host[i] = i % 4 + 1;
    cudaMalloc(&x, sizeof host);
    cudaMemcpy(x, host, sizeof host, cudaMemcpyHostToDevice);
    scan<<<1, n>>>(x, n);
    int got[n], sum = 0, wrong = 0;
    cudaMemcpy(got, x, sizeof got, cudaMemcpyDeviceToHost);
    for (int i = 0; i < n; i++) wrong += got[i] != (sum += host[i]);
    printf("%d\n", got[n - 1]);
    return wrong != 0;
}
