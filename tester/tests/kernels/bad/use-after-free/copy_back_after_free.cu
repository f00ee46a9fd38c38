// expect: use-after-free
// The result is copied to the host after its buffer was freed.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void iota(short *p) { p[threadIdx.x] = (short)threadIdx.x; }

int main() {
    short *p, host[50];
    cudaMalloc(&p, sizeof host);
    iota<<<1, 50>>>(p);
    cudaDeviceSynchronize();
    cudaFree(p);
    cudaMemcpy(host, p, sizeof host, cudaMemcpyDeviceToHost);
    printf("%d\n", host[49] == 49);
    return 0;
}
