// original: sweep.c
// entry: void sweep(int n, int m, int k, float x[k])
// kernels: sweep_l4
// expect: timeout
#include <cuda_runtime.h>

#ifndef MUPAC_CPU_THRESHOLD
#define MUPAC_CPU_THRESHOLD 4096
#endif

__global__ void sweep_l4(int k, float *x) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < k) x[i] = 0.5f * x[i] + 1;
}

void sweep(int n, int m, int k, float *x) {
    if (n > 0 && m > 0 && k > 0 && k >= MUPAC_CPU_THRESHOLD) {
        float *x_d;
        cudaMalloc(&x_d, k * sizeof(float));
        cudaMemcpy(x_d, x, k * sizeof(float), cudaMemcpyHostToDevice);
        for (int a = 0; a < n; a++)
            for (int b = 0; b < m; b += 0) sweep_l4<<<(k + 255) / 256, 256>>>(k, x_d);
        cudaMemcpy(x, x_d, k * sizeof(float), cudaMemcpyDeviceToHost);
        cudaFree(x_d);
    } else {
        for (int a = 0; a < n; a++)
            for (int b = 0; b < m; b++)
                for (int i = 0; i < k; i++) x[i] = 0.5f * x[i] + 1;
    }
}
