// expect: uninitialised
// The keys are never copied to the device; what lies there sends all values to one bin.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void scatter(const unsigned char *keys, int *bins, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) bins[keys[i]] = i;
}

int main() {
    const int n = 128;
    unsigned char *keys;
    int *bins;
    cudaMalloc(&keys, n);
    cudaMalloc(&bins, 256 * sizeof(int));
    cudaMemset(bins, 0, 256 * sizeof(int));
    scatter<<<2, 64>>>(keys, bins, n);
    cudaDeviceSynchronize();
    printf("done\n");
    return 0;
}
