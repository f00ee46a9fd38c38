// expect: pass
// Each block waits for its predecessor's prefix, which a fence and an atomic flag publish; blocks number themselves by a ticket, so that a predecessor has always started.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void scan(const int *x, int *y, unsigned *ticket, unsigned *flag, int *prefix) {
    __shared__ unsigned block;
    __shared__ int before, s[8];
    int t = threadIdx.x;
    if (t == 0) block = atomicAdd(ticket, 1u);
    __syncthreads();
    int i = block * 8 + t;
    s[t] = x[i];
    __syncthreads();
    int sum = 0;
    for (int k = 0; k <= t; k++) sum += s[k];
    if (t == 7) {
        before = 0;
        if (block > 0) {
            while (atomicAdd(&flag[block - 1], 0u) == 0) {}
            __threadfence();
            before = prefix[block - 1];
        }
        prefix[block] = before + sum;
        __threadfence();
        atomicExch(&flag[block], 1u);
    }
    __syncthreads();
    y[i] = before + sum;
}

int main() {
    int host[40], *x, *y, *prefix, sum = 0;
    unsigned *words;
    for (int i = 0; i < 40; i++) host[i] = 2 * i - 11;
    cudaMalloc(&x, sizeof host);
    cudaMalloc(&y, sizeof host);
    cudaMalloc(&prefix, 5 * sizeof(int));
    cudaMalloc(&words, 6 * sizeof(unsigned));
    cudaMemset(words, 0, 6 * sizeof(unsigned));
    cudaMemcpy(x, host, sizeof host, cudaMemcpyHostToDevice);
    scan<<<5, 8>>>(x, y, words, words + 1, prefix);
    int got[40];
    cudaMemcpy(got, y, sizeof got, cudaMemcpyDeviceToHost);
    for (int i = 0; i < 40; i++)
        if (got[i] != (sum += host[i])) return 1;
    printf("%d\n", sum);
    return 0;
}
