// expect: pass
// The lower half of the warp shuffles in a branch under a mask that names just those lanes.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void half_sums(int *x) {
    int lane = threadIdx.x, v = x[lane];
    if (lane < 16) {
        for (int d = 8; d; d /= 2) v += __shfl_xor_sync(0x0000ffffu, v, d);
    } else {
        for (int d = 8; d; d /= 2) v = max(v, __shfl_xor_sync(0xffff0000u, v, d));
    }
    x[lane] = v;
}

int main() {
    int host[32], *x;
    for (int i = 0; i < 32; i++) host[i] = i;
    cudaMalloc(&x, sizeof host);
    cudaMemcpy(x, host, sizeof host, cudaMemcpyHostToDevice);
    half_sums<<<1, 32>>>(x);
    cudaMemcpy(host, x, sizeof host, cudaMemcpyDeviceToHost);
    for (int i = 0; i < 32; i++)
        if (host[i] != (i < 16 ? 120 : 31)) return 1;
    printf("%d %d\n", host[0], host[31]);
    return 0;
}
