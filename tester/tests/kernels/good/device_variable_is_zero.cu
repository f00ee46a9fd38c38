// expect: pass
// A __device__ array without an initialiser is zero at the start, and cudaMemcpyFromSymbol with an offset reads its tail.
#include <cuda_runtime.h>
#include <cstdio>

__device__ int bins[10];

__global__ void count(const int *x, int n) {
    int i = threadIdx.x;
    if (i < n) atomicAdd(&bins[x[i] % 10], 1);
}

int main() {
    int host[33], *x, tail[4];
    for (int i = 0; i < 33; i++) host[i] = i;
    cudaMalloc(&x, sizeof host);
    cudaMemcpy(x, host, sizeof host, cudaMemcpyHostToDevice);
    count<<<1, 64>>>(x, 33);
    cudaMemcpyFromSymbol(tail, bins, sizeof tail, 6 * sizeof(int), cudaMemcpyDeviceToHost);
    for (int t : tail)
        if (t != 3) return 1;
    printf("%d\n", tail[0]);
    return 0;
}
