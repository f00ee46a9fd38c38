// original: shifted.c
// entry: void shifted(int n, float y[n], const float x[n])
// kernels: shifted_l2
// expect: pass
#include <cuda_runtime.h>

#ifndef MUPAC_CPU_THRESHOLD
#define MUPAC_CPU_THRESHOLD 4096
#endif

__global__ void shifted_l2(int n, float *y, const float *x) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) y[i] = x[i] + 1.0f;
}

void shifted(int n, float *y, const float *x) {
    if (n > 0 && n >= MUPAC_CPU_THRESHOLD && (x + n - 3 <= y || y + n <= x - 3)) {
        float *x_d, *y_d;
        cudaMalloc(&x_d, n * sizeof(float));
        cudaMalloc(&y_d, n * sizeof(float));
        cudaMemcpy(x_d, x - 3, n * sizeof(float), cudaMemcpyHostToDevice);
        shifted_l2<<<(n + 255) / 256, 256>>>(n, y_d, x_d);
        cudaMemcpy(y, y_d, n * sizeof(float), cudaMemcpyDeviceToHost);
        cudaFree(x_d);
        cudaFree(y_d);
    } else {
        for (int i = 0; i < n; i++) y[i] = x[i - 3] + 1.0f;
    }
}
