// expect: pass
// A persistent kernel with a barrier of its own: arrive by atomic, wait for the count.
#include <cuda_runtime.h>
#include <cstdio>
__device__ unsigned arrived = 0;
__device__ void barrier(unsigned goal) {
    __syncthreads();
    if (threadIdx.x == 0) {
        __threadfence();
        atomicAdd(&arrived, 1u);
        while (atomicAdd(&arrived, 0u) < goal) {}
        __threadfence();
    }
    __syncthreads();
}
__global__ void relax(int *a, int *b, int n, int rounds) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    for (int r = 0; r < rounds; r++) {
        if (i > 0 && i < n - 1) b[i] = a[i - 1] + a[i + 1];
        barrier((2 * r + 1) * gridDim.x);
        if (i > 0 && i < n - 1) a[i] = b[i];
        barrier((2 * r + 2) * gridDim.x);
    }
}
int main() {
    const int n = 256;
    int host[n], *a, *b, x[n], y[n];
    for (int i = 0; i < n; i++) x[i] = host[i] = i % 3;
    cudaMalloc(&a, sizeof host);
    cudaMalloc(&b, sizeof host);
    cudaMemcpy(a, host, sizeof host, cudaMemcpyHostToDevice);
    relax<<<4, 64>>>(a, b, n, 5);
    cudaMemcpy(host, a, sizeof host, cudaMemcpyDeviceToHost);
    for (int r = 0; r < 5; r++) {
        for (int i = 1; i < n - 1; i++) y[i] = x[i - 1] + x[i + 1];
        for (int i = 1; i < n - 1; i++) x[i] = y[i];
    }
    for (int i = 0; i < n; i++)
        if (host[i] != x[i]) return 1;
    printf("ok\n");
    return 0;
}
