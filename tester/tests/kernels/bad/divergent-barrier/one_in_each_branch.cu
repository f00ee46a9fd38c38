// expect: divergent-barrier
// Both branches have a __syncthreads of their own; it is allowed in a condition only where all threads of the block decide alike.
#include <cuda_runtime.h>
#include <cstdio>
#include <math.h>

__global__ void sort_pairs(float *x) {
    __shared__ float s[40];
    int t = threadIdx.x;
    s[t] = x[t];
    if (t % 2 == 0) {
        __syncthreads();
        x[t] = fminf(s[t], s[t + 1]);
    } else {
        __syncthreads();
        x[t] = fmaxf(s[t - 1], s[t]);
    }
}

int main() {
    float host[40], *x;
    for (int i = 0; i < 40; i++) host[i] = (float)(40 - i);
    cudaMalloc(&x, sizeof host);
    cudaMemcpy(x, host, sizeof host, cudaMemcpyHostToDevice);
    sort_pairs<<<1, 40>>>(x);
    cudaMemcpy(host, x, sizeof host, cudaMemcpyDeviceToHost);
    printf("%g %g\n", host[0], host[1]);
    return host[0] != 39 || host[1] != 40;
}
