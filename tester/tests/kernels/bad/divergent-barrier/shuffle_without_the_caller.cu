// expect: divergent-barrier
// Lane 20 calls the shuffle, but the mask names lanes 0 to 15 only; a caller must be in its own mask.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void broadcast(int *x) {
    int lane = threadIdx.x;
    int v = lane == 0 ? 11 : 0;
    if (lane < 16 || lane == 20) v = __shfl_sync(0x0000ffffu, v, 0);
    x[lane] = v;
}

int main() {
    int host[32], *x;
    cudaMalloc(&x, sizeof host);
    broadcast<<<1, 32>>>(x);
    cudaMemcpy(host, x, sizeof host, cudaMemcpyDeviceToHost);
    printf("%d\n", host[15]);
    return host[15] != 11;
}
