// expect: race
// atomicAdd_block is atomic among the threads of one block only, yet two blocks add to the same word.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void total(const int *x, int n, int *sum) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) atomicAdd_block(sum, x[i]);
}

int main() {
    const int n = 50;
    int host[n], *x, *sum, got = 0;
    for (int i = 0; i < n; i++) host[i] = i;
    cudaMalloc(&x, sizeof host);
    cudaMalloc(&sum, sizeof got);
    cudaMemcpy(x, host, sizeof host, cudaMemcpyHostToDevice);
    cudaMemcpy(sum, &got, sizeof got, cudaMemcpyHostToDevice);
    total<<<2, 32>>>(x, n, sum);
    cudaMemcpy(&got, sum, sizeof got, cudaMemcpyDeviceToHost);
    printf("%d\n", got);
    return got != n * (n - 1) / 2;
}
