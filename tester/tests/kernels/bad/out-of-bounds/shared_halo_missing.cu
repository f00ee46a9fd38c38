// expect: out-of-bounds
// The shared tile has no room for its right halo, which the last thread writes and reads.
#include <cuda_runtime.h>
#include <cstdio>

const int B = 16;

__global__ void pair_sums(const int *x, int *y) {
    __shared__ int tile[B];
    int t = threadIdx.x, i = blockIdx.x * B + t;
    tile[t] = x[i];
    if (t == B - 1) tile[t + 1] = x[i + 1];
    __syncthreads();
    y[i] = tile[t] + tile[t + 1];
}

int main() {
    int in[2 * B + 1], out[2 * B], *x, *y;
    for (int i = 0; i <= 2 * B; i++) in[i] = i;
    cudaMalloc(&x, sizeof in);
    cudaMalloc(&y, sizeof out);
    cudaMemcpy(x, in, sizeof in, cudaMemcpyHostToDevice);
    pair_sums<<<2, B>>>(x, y);
    cudaMemcpy(out, y, sizeof out, cudaMemcpyDeviceToHost);
    for (int i = 0; i < 2 * B; i++)
        if (out[i] != 2 * i + 1) return 1;
    printf("ok\n");
    return 0;
}
