// expect: divergent-barrier
// Lanes leave the loop one after the other, but the vote in it still names the whole warp; they wait at the next vote outside.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void halve(const int *x, int *rounds) {
    int v = x[threadIdx.x], n = 0;
    while (v > 0) {
        v /= 2;
        if (__any_sync(0xffffffffu, v > 0)) n++;
    }
    n += __popc(__ballot_sync(0xffffffffu, n < 0));
    rounds[threadIdx.x] = n;
}

int main() {
    int host[32], *x, *rounds;
    for (int i = 0; i < 32; i++) host[i] = i;
    cudaMalloc(&x, sizeof host);
    cudaMalloc(&rounds, sizeof host);
    cudaMemcpy(x, host, sizeof host, cudaMemcpyHostToDevice);
    halve<<<1, 32>>>(x, rounds);
    cudaMemcpy(host, rounds, sizeof host, cudaMemcpyDeviceToHost);
    printf("%d\n", host[31]);
    return 0;
}
