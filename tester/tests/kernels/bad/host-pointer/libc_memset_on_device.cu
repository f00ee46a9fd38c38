// expect: host-pointer
// memset of the C library is called on a device pointer where cudaMemset is meant.
#include <cuda_runtime.h>
#include <cstdio>
#include <cstring>

__global__ void increase(int *x) { x[threadIdx.x]++; }

int main() {
    int *x, host[5];
    cudaMalloc(&x, sizeof host);
    memset(x, 0, sizeof host);
    increase<<<1, 5>>>(x);
    cudaMemcpy(host, x, sizeof host, cudaMemcpyDeviceToHost);
    printf("%d\n", host[4]);
    return host[4] != 1;
}
