// expect: race
// A fence of the block publishes to the block only.
#include <cuda_runtime.h>
#include <cstdio>
__device__ unsigned int done = 0;
__global__ void sum(const int *x, int *partial, int *total, int n) {
    __shared__ int tile[64];
    __shared__ bool is_last;
    int t = threadIdx.x, i = blockIdx.x * 64 + t;
    tile[t] = i < n ? x[i] : 0;
    __syncthreads();
    for (int s = 32; s > 0; s /= 2) {
        if (t < s) tile[t] += tile[t + s];
        __syncthreads();
    }
    if (t == 0) {
        partial[blockIdx.x] = tile[0];
        __threadfence_block();
        is_last = atomicInc(&done, gridDim.x) == gridDim.x - 1;
    }
    __syncthreads();
    if (is_last && t == 0) {
        int sum = 0;
        for (unsigned b = 0; b < gridDim.x; b++) sum += partial[b];
        *total = sum;
        done = 0;
    }
}
int main() {
    const int n = 4000;
    static int host[n];
    int *x, *partial, *total, result;
    for (int i = 0; i < n; i++) host[i] = i % 7;
    int wanted = 0;
    for (int i = 0; i < n; i++) wanted += host[i];
    cudaMalloc(&x, sizeof host);
    cudaMalloc(&partial, 63 * sizeof(int));
    cudaMalloc(&total, sizeof(int));
    cudaMemcpy(x, host, sizeof host, cudaMemcpyHostToDevice);
    for (int again = 0; again < 2; again++) {
        sum<<<63, 64>>>(x, partial, total, n);
        cudaMemcpy(&result, total, sizeof result, cudaMemcpyDeviceToHost);
        if (result != wanted) return 1;
    }
    printf("%d\n", result);
    return 0;
}
