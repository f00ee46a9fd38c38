// expect: pass
// cudaFree waits for the work on the device, so that a free right behind the launch is legal.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void work(int *scratch, int *out) {
    scratch[threadIdx.x] = 2 * threadIdx.x;
    __syncthreads();
    out[threadIdx.x] = scratch[(threadIdx.x + 5) % blockDim.x];
}

int main() {
    int *scratch, *out, host[22];
    cudaMalloc(&out, sizeof host);
    cudaMalloc(&scratch, sizeof host);
    work<<<1, 22>>>(scratch, out);
    cudaFree(scratch);
    cudaMemcpy(host, out, sizeof host, cudaMemcpyDeviceToHost);
    cudaFree(out);
    cudaFree(nullptr);
    for (int i = 0; i < 22; i++)
        if (host[i] != (i + 5) % 22 * 2) return 1;
    printf("%d\n", host[0]);
    return 0;
}
