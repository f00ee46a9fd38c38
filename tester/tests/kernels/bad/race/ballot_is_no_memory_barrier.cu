// expect: race
// Lanes exchange data through shared memory with only a ballot between; the guide says that warp votes imply no memory barrier.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void reverse(unsigned short *x) {
    __shared__ unsigned short s[32];
    int lane = threadIdx.x;
    s[lane] = x[lane];
    unsigned all = __ballot_sync(0xffffffffu, lane >= 0);
    x[lane] = s[__popc(all) - 1 - lane];
}

int main() {
    unsigned short host[32], *x;
    for (int i = 0; i < 32; i++) host[i] = (unsigned short)(i * i);
    cudaMalloc(&x, sizeof host);
    cudaMemcpy(x, host, sizeof host, cudaMemcpyHostToDevice);
    reverse<<<1, 32>>>(x);
    cudaMemcpy(host, x, sizeof host, cudaMemcpyDeviceToHost);
    for (int i = 0; i < 32; i++)
        if (host[i] != (31 - i) * (31 - i)) return 1;
    printf("reversed\n");
    return 0;
}
