// expect: pass
// Every thread that finds the key stores the same value, but with atomicExch, and the host reads it later.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void contains(const unsigned *x, int n, unsigned key, int *found) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n && x[i] == key) atomicExch(found, 1);
}

int main() {
    unsigned host[66], *x;
    int *found, got[2];
    for (unsigned i = 0; i < 66; i++) host[i] = i % 6;
    cudaMalloc(&x, sizeof host);
    cudaMalloc(&found, sizeof got);
    cudaMemset(found, 0, sizeof got);
    cudaMemcpy(x, host, sizeof host, cudaMemcpyHostToDevice);
    contains<<<3, 32>>>(x, 66, 4u, found);
    contains<<<3, 32>>>(x, 66, 7u, found + 1);
    cudaMemcpy(got, found, sizeof got, cudaMemcpyDeviceToHost);
    printf("%d %d\n", got[0], got[1]);
    return got[0] != 1 || got[1] != 0;
}
