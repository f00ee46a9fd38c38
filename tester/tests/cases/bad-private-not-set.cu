// original: saxpy.c
// entry: void saxpy(int n, float a, const float x[n], float y[n])
// kernels: saxpy_l2
// expect: value
#include <cuda_runtime.h>

#ifndef MUPAC_CPU_THRESHOLD
#define MUPAC_CPU_THRESHOLD 4096
#endif

__global__ void saxpy_l2(int n, float a, const float *__restrict__ x, float *__restrict__ y) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    float parts[2];
    if (i < n) {
        parts[i % 2] = a * x[i];
        y[i] = parts[0] + parts[1] + y[i];
    }
}

void saxpy(int n, float a, const float *x, float *y) {
    if (n > 0 && n >= MUPAC_CPU_THRESHOLD && (x + n <= y || y + n <= x)) {
        float *x_d, *y_d;
        cudaMalloc(&x_d, n * sizeof(float));
        cudaMalloc(&y_d, n * sizeof(float));
        cudaMemcpy(x_d, x, n * sizeof(float), cudaMemcpyHostToDevice);
        cudaMemcpy(y_d, y, n * sizeof(float), cudaMemcpyHostToDevice);
        saxpy_l2<<<(n + 255) / 256, 256>>>(n, a, x_d, y_d);
        cudaMemcpy(y, y_d, n * sizeof(float), cudaMemcpyDeviceToHost);
        cudaFree(x_d);
        cudaFree(y_d);
    } else {
        for (int i = 0; i < n; i++) y[i] = a * x[i] + y[i];
    }
}
