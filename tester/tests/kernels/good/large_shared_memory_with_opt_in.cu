// expect: pass
// One hundred KiB of dynamic shared memory after cudaFuncSetAttribute allowed it.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void far(double *out) {
    extern __shared__ double big[];
    int step = 100 * 1024 / 8 / 32;
    big[threadIdx.x * step + step - 1] = threadIdx.x;
    __syncthreads();
    out[threadIdx.x] = big[(31 - threadIdx.x) * step + step - 1];
}

int main() {
    double *out, host[32];
    cudaMalloc(&out, sizeof host);
    cudaFuncSetAttribute(far, cudaFuncAttributeMaxDynamicSharedMemorySize, 100 * 1024);
    far<<<1, 32, 100 * 1024>>>(out);
    cudaMemcpy(host, out, sizeof host, cudaMemcpyDeviceToHost);
    for (int i = 0; i < 32; i++)
        if (host[i] != 31 - i) return 1;
    printf("%g\n", host[0]);
    return 0;
}
