// expect: pass
// A shuffle of width eight stays within groups of eight lanes; lanes that would read across the group's edge keep their own value.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void scan8(unsigned *x) {
    unsigned v = x[threadIdx.x];
    int place = threadIdx.x & 7;
    for (int d = 1; d < 8; d *= 2) {
        unsigned left = __shfl_up_sync(0xffffffffu, v, d, 8);
        if (place >= d) v += left;
    }
    x[threadIdx.x] = v;
}

int main() {
    unsigned host[64], *x;
    for (unsigned i = 0; i < 64; i++) host[i] = i % 8 + 1;
    cudaMalloc(&x, sizeof host);
    cudaMemcpy(x, host, sizeof host, cudaMemcpyHostToDevice);
    scan8<<<1, 64>>>(x);
    cudaMemcpy(host, x, sizeof host, cudaMemcpyDeviceToHost);
    for (unsigned i = 0; i < 64; i++)
        if (host[i] != (i % 8 + 1) * (i % 8 + 2) / 2) return 1;
    printf("%u\n", host[63]);
    return 0;
}
