// expect: race
// The last block adds up the others' partial sums, but nobody calls __threadfence between storing a partial sum and counting up.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void sum(const int *x, int *partial, unsigned *done, int *result) {
    if (threadIdx.x != 0) return;
    int s = 0;
    for (int k = 0; k < 10; k++) s += x[blockIdx.x * 10 + k];
    partial[blockIdx.x] = s;
    if (atomicAdd(done, 1u) == gridDim.x - 1) {
        int all = 0;
        for (unsigned b = 0; b < gridDim.x; b++) all += partial[b];
        *result = all;
    }
}

int main() {
    int host[60], *x, *partial, *result, got = -1;
    unsigned *done;
    for (int i = 0; i < 60; i++) host[i] = 3 - i % 5;
    cudaMalloc(&x, sizeof host);
    cudaMalloc(&partial, 6 * sizeof(int));
    cudaMalloc(&result, sizeof(int));
    cudaMalloc(&done, sizeof(unsigned));
    cudaMemcpy(x, host, sizeof host, cudaMemcpyHostToDevice);
    cudaMemset(done, 0, sizeof(unsigned));
    sum<<<6, 4>>>(x, partial, done, result);
    cudaMemcpy(&got, result, sizeof got, cudaMemcpyDeviceToHost);
    printf("%d\n", got);
    return got != 60;
}
