// expect: pass
// A tree reduction in shared memory with a barrier after each step; the odd length is filled up with zeros.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void reduce(const int *x, int n, int *partial) {
    __shared__ int s[64];
    int t = threadIdx.x, i = blockIdx.x * 64 + t;
    s[t] = i < n ? x[i] : 0;
    __syncthreads();
    for (int half = 32; half > 0; half /= 2) {
        if (t < half) s[t] += s[t + half];
        __syncthreads();
    }
    if (t == 0) partial[blockIdx.x] = s[0];
}

int main() {
    const int n = 301, blocks = (n + 63) / 64;
    int host[n], part[blocks], *x, *p, want = 0, got = 0;
    for (int i = 0; i < n; i++) want += host[i] = i * i % 17 - 8;
    cudaMalloc(&x, sizeof host);
    cudaMalloc(&p, sizeof part);
    cudaMemcpy(x, host, sizeof host, cudaMemcpyHostToDevice);
    reduce<<<blocks, 64>>>(x, n, p);
    cudaMemcpy(part, p, sizeof part, cudaMemcpyDeviceToHost);
    for (int v : part) got += v;
    printf("%d\n", got);
    return got != want;
}
