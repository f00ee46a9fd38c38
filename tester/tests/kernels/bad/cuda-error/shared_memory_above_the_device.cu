// expect: cuda-error
// The kernel asks for 228 KiB of shared memory a block, one KiB above what compute capability 9.0 has.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void big(int *out) {
    extern __shared__ int s[];
    s[threadIdx.x] = 1;
    out[threadIdx.x] = s[threadIdx.x];
}

int main() {
    const int bytes = 228 * 1024;
    int *out;
    cudaMalloc(&out, 32 * sizeof(int));
    cudaFuncSetAttribute(big, cudaFuncAttributeMaxDynamicSharedMemorySize, bytes);
    big<<<1, 32, 64 * sizeof(int)>>>(out);
    cudaDeviceSynchronize();
    printf("%d\n", bytes);
    return 0;
}
