// expect: host-pointer
// The host sets a device variable by an assignment, which reaches only its shadow on the host.
#include <cuda_runtime.h>
#include <cstdio>

__device__ int hits;

__global__ void count(const int *x, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n && x[i] > 10) atomicAdd(&hits, 1);
}

int main() {
    const int n = 100;
    int x[n], *x_device, got;
    for (int i = 0; i < n; i++) x[i] = i;
    cudaMalloc(&x_device, sizeof x);
    cudaMemcpy(x_device, x, sizeof x, cudaMemcpyHostToDevice);
    hits = 0;
    count<<<2, 64>>>(x_device, n);
    cudaMemcpyFromSymbol(&got, hits, sizeof got);
    printf("%d\n", got);
    return got != 89;
}
