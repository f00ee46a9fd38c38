// expect: host-pointer
// The copy back says that it goes from the host to the device.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void three(long long *v) { v[threadIdx.x] = 3; }

int main() {
    long long *v, host[6] = {};
    cudaMalloc(&v, sizeof host);
    three<<<1, 6>>>(v);
    cudaMemcpy(host, v, sizeof host, cudaMemcpyHostToDevice);
    printf("copied\n");
    cudaFree(v);
    return 0;
}
