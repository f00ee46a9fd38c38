// expect: deadlock
// Blocks poll their neighbour by block index, and more are launched than fit on the device.
#include <cuda_runtime.h>
#include <cstdio>
__device__ int next_ticket = 0;
__global__ void scan(const int *x, int *y, volatile int *flags, volatile int *sums, int n) {
    __shared__ int ticket, before;
    __shared__ int tile[32];
    int t = threadIdx.x;
    if (t == 0) ticket = gridDim.x - 1 - blockIdx.x;
    __syncthreads();
    int i = ticket * 32 + t;
    tile[t] = i < n ? x[i] : 0;
    __syncthreads();
    if (t == 0) {
        for (int k = 1; k < 32; k++) tile[k] += tile[k - 1];
        int sum = 0;
        if (ticket > 0) {
            while (flags[ticket - 1] == 0) {}
            __threadfence();
            sum = sums[ticket - 1];
        }
        before = sum;
        sums[ticket] = sum + tile[31];
        __threadfence();
        flags[ticket] = 1;
    }
    __syncthreads();
    if (i < n) y[i] = before + tile[t];
}
int main() {
    const int n = 9000, blocks = (n + 31) / 32;
    static int host[n], result[n];
    int *x, *y, *flags, *sums;
    for (int i = 0; i < n; i++) host[i] = i % 5;
    cudaMalloc(&x, sizeof host);
    cudaMalloc(&y, sizeof host);
    cudaMalloc(&flags, blocks * sizeof(int));
    cudaMalloc(&sums, blocks * sizeof(int));
    cudaMemset(flags, 0, blocks * sizeof(int));
    cudaMemcpy(x, host, sizeof host, cudaMemcpyHostToDevice);
    scan<<<blocks, 32>>>(x, y, flags, sums, n);
    cudaMemcpy(result, y, sizeof result, cudaMemcpyDeviceToHost);
    int sum = 0;
    for (int i = 0; i < n; i++) {
        sum += host[i];
        if (result[i] != sum) return 1;
    }
    printf("ok\n");
    return 0;
}
