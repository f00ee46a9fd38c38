// expect: uninitialised
// The copy takes the size of a pointer for that of the array behind it.
#include <cuda_runtime.h>
#include <cstdio>
#include <cstdlib>

__global__ void sum(const int *x, int n, int *total) {
    int i = threadIdx.x;
    if (i < n) atomicAdd(total, x[i]);
}

int main() {
    const int n = 32;
    int *x = (int *)malloc(n * sizeof(int)), *x_device, *total, got;
    for (int i = 0; i < n; i++) x[i] = i;
    cudaMalloc(&x_device, n * sizeof(int));
    cudaMalloc(&total, sizeof(int));
    cudaMemset(total, 0, sizeof(int));
    cudaMemcpy(x_device, x, sizeof(x), cudaMemcpyHostToDevice);
    sum<<<1, 32>>>(x_device, n, total);
    cudaMemcpy(&got, total, sizeof got, cudaMemcpyDeviceToHost);
    printf("%d\n", got);
    free(x);
    return got != n * (n - 1) / 2;
}
