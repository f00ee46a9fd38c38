// original: saxpy.c
// entry: void saxpy(int n, float a, const float x[n], float y[n])
// kernels: saxpy_l2
// expect: misaligned
#include <cuda_runtime.h>

#ifndef MUPAC_CPU_THRESHOLD
#define MUPAC_CPU_THRESHOLD 4096
#endif

__global__ void saxpy_l2(int n, float a, const float *__restrict__ x, float *__restrict__ y) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= n) return;
    float2 pair = reinterpret_cast<const float2 *>(x)[i / 2];
    y[i] = a * (i % 2 ? pair.y : pair.x) + y[i];
}

void saxpy(int n, float a, const float *x, float *y) {
    if (n > 0 && n >= MUPAC_CPU_THRESHOLD && (x + n <= y || y + n <= x)) {
        float *x_all, *x_d, *y_d;
        cudaMalloc(&x_all, (n + 2) * sizeof(float));
        cudaMemset(x_all, 0, (n + 2) * sizeof(float));
        x_d = x_all + 1;
        cudaMalloc(&y_d, n * sizeof(float));
        cudaMemcpy(x_d, x, n * sizeof(float), cudaMemcpyHostToDevice);
        cudaMemcpy(y_d, y, n * sizeof(float), cudaMemcpyHostToDevice);
        saxpy_l2<<<(n + 255) / 256, 256>>>(n, a, x_d, y_d);
        cudaMemcpy(y, y_d, n * sizeof(float), cudaMemcpyDeviceToHost);
        cudaFree(x_all);
        cudaFree(y_d);
    } else {
        for (int i = 0; i < n; i++) y[i] = a * x[i] + y[i];
    }
}
