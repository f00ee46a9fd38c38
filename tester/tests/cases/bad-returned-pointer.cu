// original: twice.c
// entry: float *twice(int n, float y[n])
// kernels: twice_l2
// expect: value
#include <cuda_runtime.h>

#ifndef MUPAC_CPU_THRESHOLD
#define MUPAC_CPU_THRESHOLD 4096
#endif

__global__ void twice_l2(int n, float *__restrict__ y) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) y[i] = 2 * y[i];
}

// The last element, and not the end.
float *twice(int n, float *y) {
    if (n > 0 && n >= MUPAC_CPU_THRESHOLD) {
        float *y_d;
        cudaMalloc(&y_d, n * sizeof(float));
        cudaMemcpy(y_d, y, n * sizeof(float), cudaMemcpyHostToDevice);
        twice_l2<<<(n + 255) / 256, 256>>>(n, y_d);
        cudaMemcpy(y, y_d, n * sizeof(float), cudaMemcpyDeviceToHost);
        cudaFree(y_d);
    } else {
        for (int i = 0; i < n; i++) y[i] = 2 * y[i];
    }
    return n > 3 ? y + n - 1 : y;
}
