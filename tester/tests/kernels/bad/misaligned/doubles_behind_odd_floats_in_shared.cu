// expect: misaligned
// Dynamic shared memory holds an odd number of floats and then doubles, which start at a multiple of four only.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void both(const float *x, double *y, int n) {
    extern __shared__ float singles[];
    double *doubles = reinterpret_cast<double *>(singles + n);
    int t = threadIdx.x;
    singles[t] = x[t];
    doubles[t] = singles[t] * 2.0;
    y[t] = doubles[t];
}

int main() {
    const int n = 31;
    float x[n], *x_device;
    double y[n], *y_device;
    for (int i = 0; i < n; i++) x[i] = (float)i;
    cudaMalloc(&x_device, sizeof x);
    cudaMalloc(&y_device, sizeof y);
    cudaMemcpy(x_device, x, sizeof x, cudaMemcpyHostToDevice);
    both<<<1, n, n * (sizeof(float) + sizeof(double))>>>(x_device, y_device, n);
    cudaMemcpy(y, y_device, sizeof y, cudaMemcpyDeviceToHost);
    for (int i = 0; i < n; i++)
        if (y[i] != 2.0 * i) return 1;
    printf("ok\n");
    return 0;
}
