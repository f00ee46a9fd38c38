// expect: misaligned
// Pairs are written as float2, beginning with the second float of an allocation.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void fill(float *x, int pairs) {
    float2 *inner = (float2 *)(x + 1);
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < pairs) inner[i] = make_float2(1, 2);
}

int main() {
    const int pairs = 40;
    float got[2 * pairs + 2], *x;
    cudaMalloc(&x, sizeof got);
    cudaMemset(x, 0, sizeof got);
    fill<<<2, 32>>>(x, pairs);
    cudaMemcpy(got, x, sizeof got, cudaMemcpyDeviceToHost);
    for (int i = 0; i < pairs; i++)
        if (got[2 * i + 1] != 1 || got[2 * i + 2] != 2) return 1;
    printf("ok\n");
    return 0;
}
