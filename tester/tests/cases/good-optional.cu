// original: optional.c
// entry: void add(int n, const float x[n], const float ?bias[n], float y[n])
// kernels: add_l2
// expect: pass
#include <cuda_runtime.h>

#ifndef MUPAC_CPU_THRESHOLD
#define MUPAC_CPU_THRESHOLD 4096
#endif

__global__ void add_l2(int n, int has_bias, const float *x, const float *bias, float *y) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) y[i] = has_bias ? x[i] + bias[i] : x[i];
}

void add(int n, const float *x, const float *bias, float *y) {
    if (n > 0 && n >= MUPAC_CPU_THRESHOLD && (x + n <= y || y + n <= x) && (!bias || bias + n <= y || y + n <= bias)) {
        float *x_d, *bias_d, *y_d;
        size_t bytes = n * sizeof(float), bias_bytes = bias ? bytes : 0;
        cudaMalloc(&x_d, bytes);
        cudaMalloc(&bias_d, bias_bytes);
        cudaMalloc(&y_d, bytes);
        cudaMemcpy(x_d, x, bytes, cudaMemcpyHostToDevice);
        cudaMemcpy(bias_d, bias, bias_bytes, cudaMemcpyHostToDevice);
        add_l2<<<(n + 255) / 256, 256>>>(n, bias != nullptr, x_d, bias_d, y_d);
        cudaMemcpy(y, y_d, bytes, cudaMemcpyDeviceToHost);
        cudaFree(x_d);
        cudaFree(bias_d);
        cudaFree(y_d);
    } else {
        for (int i = 0; i < n; i++) y[i] = bias ? x[i] + bias[i] : x[i];
    }
}
