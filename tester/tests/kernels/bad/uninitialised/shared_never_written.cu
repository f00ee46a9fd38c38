// expect: uninitialised
// Only even threads write their shared slot, but all slots are read after the barrier.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void pick(int *out) {
    __shared__ int slot[20];
    if (threadIdx.x % 2 == 0) slot[threadIdx.x] = 1;
    __syncthreads();
    out[threadIdx.x] = slot[19 - threadIdx.x] == 1;
}

int main() {
    int *out, host[20];
    cudaMalloc(&out, sizeof host);
    pick<<<1, 20>>>(out);
    cudaMemcpy(host, out, sizeof host, cudaMemcpyDeviceToHost);
    printf("%d\n", host[19]);
    return host[19] != 1;
}
