// expect: uninitialised
// Every thread clears one bin of the block's histogram, which has more bins than the block has threads.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void histogram(const unsigned char *x, int n, unsigned *bins) {
    __shared__ unsigned local[64];
    int t = threadIdx.x;
    if (t < 64) local[t] = 0;
    __syncthreads();
    for (int i = t; i < n; i += blockDim.x) atomicAdd(&local[x[i] % 64], 1u);
    __syncthreads();
    for (int b = t; b < 64; b += blockDim.x) atomicAdd(&bins[b], local[b]);
}

int main() {
    const int n = 1000;
    unsigned char x[n], *x_device;
    unsigned got[64], *bins;
    for (int i = 0; i < n; i++) x[i] = (unsigned char)(i * 7);
    cudaMalloc(&x_device, sizeof x);
    cudaMalloc(&bins, sizeof got);
    cudaMemset(bins, 0, sizeof got);
    cudaMemcpy(x_device, x, sizeof x, cudaMemcpyHostToDevice);
    histogram<<<1, 32>>>(x_device, n, bins);
    cudaMemcpy(got, bins, sizeof got, cudaMemcpyDeviceToHost);
    printf("%u\n", got[0]);
    return 0;
}
