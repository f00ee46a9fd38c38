// expect: divergent-barrier
// Only the first half of the block reaches the barrier of the reduction's last step.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void sum(const int *x, int *out) {
    __shared__ int s[64];
    int t = threadIdx.x;
    s[t] = x[t];
    __syncthreads();
    if (t < 32) {
        s[t] += s[t + 32];
        __syncthreads();
    }
    if (t == 0) {
        int all = 0;
        for (int i = 0; i < 32; i++) all += s[i];
        *out = all;
    }
    __syncthreads();
}

int main() {
    int host[64], *x, *out, got;
    for (int &h : host) h = 2;
    cudaMalloc(&x, sizeof host);
    cudaMalloc(&out, sizeof got);
    cudaMemcpy(x, host, sizeof host, cudaMemcpyHostToDevice);
    sum<<<1, 64>>>(x, out);
    cudaMemcpy(&got, out, sizeof got, cudaMemcpyDeviceToHost);
    printf("%d\n", got);
    return got != 128;
}
