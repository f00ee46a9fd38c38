// expect: cuda-error
// More than 48 KiB of dynamic shared memory needs cudaFuncSetAttribute first.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void scratch(double *out) {
    extern __shared__ double s[];
    s[threadIdx.x] = threadIdx.x;
    __syncthreads();
    out[threadIdx.x] = s[blockDim.x - 1 - threadIdx.x];
}

int main() {
    double *out;
    cudaMalloc(&out, 32 * sizeof(double));
    scratch<<<1, 32, 6145 * sizeof(double)>>>(out);
    cudaDeviceSynchronize();
    printf("%d\n", 6145 * 8);
    return 0;
}
