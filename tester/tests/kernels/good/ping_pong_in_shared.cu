// expect: pass
// Two halves of one shared array take turns, so that one barrier a step is enough.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void scan(unsigned *x, int n) {
    extern __shared__ unsigned s[];
    int t = threadIdx.x, from = 0;
    s[t] = x[t];
    __syncthreads();
    for (int d = 1; d < n; d <<= 1) {
        int to = n - from;
        s[to + t] = s[from + t] + (t >= d ? s[from + t - d] : 0u);
        from = to;
        __syncthreads();
    }
    x[t] = s[from + t];
}

int main() {
    const int n = 39;
    unsigned host[n], *x;
    for (int i = 0; i < n; i++) host[i] = i + 1;
    cudaMalloc(&x, sizeof host);
    cudaMemcpy(x, host, sizeof host, cudaMemcpyHostToDevice);
    scan<<<1, n, 2 * n * sizeof(unsigned)>>>(x, n);
    cudaMemcpy(host, x, sizeof host, cudaMemcpyDeviceToHost);
    for (unsigned i = 0; i < n; i++)
        if (host[i] != (i + 1) * (i + 2) / 2) return 1;
    printf("%u\n", host[n - 1]);
    return 0;
}
