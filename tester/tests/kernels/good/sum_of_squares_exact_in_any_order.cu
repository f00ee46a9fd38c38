// expect: pass
// Floats are added atomically, but all are small whole numbers, so that the sum is exact in every order.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void add(const float *x, int n, float *sum) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) atomicAdd(sum, x[i] * x[i]);
}

int main() {
    float host[40], *x, *sum, got;
    for (int i = 0; i < 40; i++) host[i] = (float)(i - 20);
    cudaMalloc(&x, sizeof host);
    cudaMalloc(&sum, sizeof got);
    cudaMemset(sum, 0, sizeof got);
    cudaMemcpy(x, host, sizeof host, cudaMemcpyHostToDevice);
    add<<<2, 32>>>(x, 40, sum);
    cudaMemcpy(&got, sum, sizeof got, cudaMemcpyDeviceToHost);
    printf("%g\n", got);
    return got != 5340;
}
