// expect: deadlock
// Thread 0 waits for a flag before the barrier, which thread 40 sets behind it.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void late(int *out) {
    __shared__ volatile int flag;
    if (threadIdx.x == 0) flag = 0;
    __syncthreads();
    if (threadIdx.x == 0)
        while (!flag) {}
    __syncthreads();
    if (threadIdx.x == 40) flag = 1;
    out[threadIdx.x] = threadIdx.x;
}

int main() {
    int *out, host[64];
    cudaMalloc(&out, sizeof host);
    late<<<1, 64>>>(out);
    cudaMemcpy(host, out, sizeof host, cudaMemcpyDeviceToHost);
    printf("%d\n", host[63]);
    return host[63] != 63;
}
