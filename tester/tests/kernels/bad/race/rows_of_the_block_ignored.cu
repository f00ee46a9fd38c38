// expect: race
// The block has two dimensions, and the index is made of one: eight threads write each element, all the same.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void twice(const int *x, int *y, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) y[i] = 2 * x[i];
}

int main() {
    const int n = 60;
    int x[n], y[n], *x_device, *y_device;
    for (int i = 0; i < n; i++) x[i] = i;
    cudaMalloc(&x_device, sizeof x);
    cudaMalloc(&y_device, sizeof y);
    cudaMemcpy(x_device, x, sizeof x, cudaMemcpyHostToDevice);
    twice<<<2, dim3(32, 8)>>>(x_device, y_device, n);
    cudaMemcpy(y, y_device, sizeof y, cudaMemcpyDeviceToHost);
    for (int i = 0; i < n; i++)
        if (y[i] != 2 * i) return 1;
    printf("ok\n");
    return 0;
}
