// expect: out-of-bounds
// A column of the first shared array runs one row too far, into the shared array that happens to lie behind it.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void columns(const int *x, int *out) {
    __shared__ int a[4][8];
    __shared__ int zero[8];
    int t = threadIdx.x;
    for (int r = 0; r < 4; r++) a[r][t] = x[r * 8 + t];
    zero[t] = 0;
    __syncthreads();
    int sum = zero[t];
    for (int r = 0; r <= 4; r++) sum += (&a[0][0])[r * 8 + t];
    out[t] = sum;
}

int main() {
    int host[32], out[8], *x, *o;
    for (int i = 0; i < 32; i++) host[i] = 1;
    cudaMalloc(&x, sizeof host);
    cudaMalloc(&o, sizeof out);
    cudaMemcpy(x, host, sizeof host, cudaMemcpyHostToDevice);
    columns<<<1, 8>>>(x, o);
    cudaMemcpy(out, o, sizeof out, cudaMemcpyDeviceToHost);
    printf("%d\n", out[7] >= 0);
    return 0;
}
