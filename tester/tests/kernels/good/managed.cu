// expect: pass
// Managed memory, with a wait on either side; variables of the device and constants.
#include <cuda_runtime.h>
#include <cstdio>
__constant__ int factor;
__device__ int offset = 3;
__device__ const int table[4] = {1, 2, 3, 4};
__managed__ int shared_by_both = 5;
__global__ void set(int *x) { x[threadIdx.x] = factor * (int)threadIdx.x + offset + table[threadIdx.x % 4] + shared_by_both; }
int main() {
    int *x, seven = 7;
    cudaMallocManaged(&x, 64 * sizeof(int));
    for (int i = 0; i < 64; i++) x[i] = 0;
    cudaMemcpyToSymbol(factor, &seven, sizeof seven);
    cudaMemcpyToSymbol(offset, &seven, sizeof seven);
    shared_by_both = 6;
    set<<<1, 64>>>(x);
    cudaDeviceSynchronize();
    for (int i = 0; i < 64; i++)
        if (x[i] != 7 * i + 7 + i % 4 + 1 + 6) return 1;
    cudaFree(x);
    printf("ok\n");
    return 0;
}
