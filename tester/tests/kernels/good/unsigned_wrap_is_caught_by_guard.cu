// expect: pass
// The index of the first thread wraps round below zero, but the guard compares it as an unsigned number.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void left_sum(const short *x, short *y, unsigned n) {
    unsigned i = blockIdx.x * blockDim.x + threadIdx.x, left = i - 1u;
    if (i < n) y[i] = (short)(x[i] + (left < n ? x[left] : 0));
}

int main() {
    short host[31], got[31], *x, *y;
    for (int i = 0; i < 31; i++) host[i] = (short)(i + 1);
    cudaMalloc(&x, sizeof host);
    cudaMalloc(&y, sizeof got);
    cudaMemcpy(x, host, sizeof host, cudaMemcpyHostToDevice);
    left_sum<<<4, 8>>>(x, y, 31);
    cudaMemcpy(got, y, sizeof got, cudaMemcpyDeviceToHost);
    for (int i = 0; i < 31; i++)
        if (got[i] != 2 * i + 1) return 1;
    printf("%d\n", got[30]);
    return 0;
}
