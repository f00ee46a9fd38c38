// expect: uninitialised
// The copy to the device gets the number of elements where it wants bytes, so that three quarters are never written.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void largest(const int *x, int n, int *best) {
    for (int i = threadIdx.x; i < n; i += blockDim.x) atomicMax(best, x[i] & 7);
}

int main() {
    const int n = 40;
    int host[n], *x, *best, got = 0;
    for (int i = 0; i < n; i++) host[i] = i % 8;
    cudaMalloc(&x, n * sizeof(int));
    cudaMalloc(&best, sizeof(int));
    cudaMemcpy(best, &got, sizeof got, cudaMemcpyHostToDevice);
    cudaMemcpy(x, host, n, cudaMemcpyHostToDevice);
    largest<<<1, 16>>>(x, n, best);
    cudaMemcpy(&got, best, sizeof got, cudaMemcpyDeviceToHost);
    printf("%d\n", got);
    return got != 7;
}
