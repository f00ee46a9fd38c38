// expect: pass
// A grid-stride loop with a number of elements that no block size divides.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void axpy(long n, double a, const double *__restrict__ x, double *__restrict__ y) {
    long stride = (long)gridDim.x * blockDim.x;
    for (long i = (long)blockIdx.x * blockDim.x + threadIdx.x; i < n; i += stride) y[i] += a * x[i];
}

int main() {
    const long n = 211;
    double hx[n], hy[n], *x, *y;
    for (long i = 0; i < n; i++) hx[i] = (double)i, hy[i] = 1.0;
    cudaMalloc(&x, sizeof hx);
    cudaMalloc(&y, sizeof hy);
    cudaMemcpy(x, hx, sizeof hx, cudaMemcpyHostToDevice);
    cudaMemcpy(y, hy, sizeof hy, cudaMemcpyHostToDevice);
    axpy<<<3, 17>>>(n, 2.0, x, y);
    cudaMemcpy(hy, y, sizeof hy, cudaMemcpyDeviceToHost);
    for (long i = 0; i < n; i++)
        if (hy[i] != 2.0 * i + 1.0) return 1;
    printf("%g\n", hy[n - 1]);
    return 0;
}
