// expect: pass
// The last block to arrive reads the partial sums of all; a fence before the counter and one after it order them (guide, Memory Fence Functions).
#include <cuda_runtime.h>
#include <cstdio>

__device__ unsigned arrived = 0;

__global__ void sum(const int *x, int n, int *partial, int *result) {
    __shared__ int s[32];
    __shared__ bool last;
    int t = threadIdx.x, i = blockIdx.x * 32 + t;
    s[t] = i < n ? x[i] : 0;
    __syncthreads();
    if (t == 0) {
        int v = 0;
        for (int k = 0; k < 32; k++) v += s[k];
        partial[blockIdx.x] = v;
        __threadfence();
        last = atomicInc(&arrived, gridDim.x - 1) == gridDim.x - 1;
    }
    __syncthreads();
    if (last && t == 0) {
        __threadfence();
        int all = 0;
        for (int b = 0; b < gridDim.x; b++) all += partial[b];
        *result = all;
    }
}

int main() {
    int host[150], *x, *partial, *result, got[2], want = 0;
    for (int i = 0; i < 150; i++) want += host[i] = i % 9;
    cudaMalloc(&x, sizeof host);
    cudaMalloc(&partial, 5 * sizeof(int));
    cudaMalloc(&result, sizeof got);
    cudaMemcpy(x, host, sizeof host, cudaMemcpyHostToDevice);
    sum<<<5, 32>>>(x, 150, partial, result);
    sum<<<5, 32>>>(x, 150, partial, result + 1);
    cudaMemcpy(got, result, sizeof got, cudaMemcpyDeviceToHost);
    printf("%d %d\n", got[0], got[1]);
    return got[0] != want || got[1] != want;
}
