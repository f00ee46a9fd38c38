// expect: race
// The loop strides by the block instead of the grid, so that every block does the work of those after it again.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void square(const float *x, float *y, int n) {
    for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += blockDim.x) y[i] = x[i] * x[i];
}

int main() {
    const int n = 1000;
    float x[n], y[n], *x_device, *y_device;
    for (int i = 0; i < n; i++) x[i] = (float)i;
    cudaMalloc(&x_device, sizeof x);
    cudaMalloc(&y_device, sizeof y);
    cudaMemcpy(x_device, x, sizeof x, cudaMemcpyHostToDevice);
    square<<<4, 64>>>(x_device, y_device, n);
    cudaMemcpy(y, y_device, sizeof y, cudaMemcpyDeviceToHost);
    for (int i = 0; i < n; i++)
        if (y[i] != x[i] * x[i]) return 1;
    printf("ok\n");
    return 0;
}
