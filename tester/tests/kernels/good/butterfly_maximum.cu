// expect: pass
// An xor shuffle gives every lane the maximum, first within warps, then among the warps by shared memory.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void spread(long long *x) {
    __shared__ long long warp_best[3];
    int lane = threadIdx.x % 32, warp = threadIdx.x / 32;
    long long v = x[threadIdx.x];
    for (int m = 1; m < 32; m *= 2) v = max(v, __shfl_xor_sync(~0u, v, m));
    if (lane == 31) warp_best[warp] = v;
    __syncthreads();
    x[threadIdx.x] = max(warp_best[0], max(warp_best[1], warp_best[2]));
}

int main() {
    long long host[96], *x;
    for (int i = 0; i < 96; i++) host[i] = (long long)(i * 37 % 96) << 33;
    cudaMalloc(&x, sizeof host);
    cudaMemcpy(x, host, sizeof host, cudaMemcpyHostToDevice);
    spread<<<1, 96>>>(x);
    cudaMemcpy(host, x, sizeof host, cudaMemcpyDeviceToHost);
    for (long long h : host)
        if (h != 95LL << 33) return 1;
    printf("%lld\n", host[0]);
    return 0;
}
