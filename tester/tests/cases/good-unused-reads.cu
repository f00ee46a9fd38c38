// original: unused.c
// entry: void mark(int n, const float a[2 * n], float y[n])
// kernels: mark_l3
// expect: pass
#include <cuda_runtime.h>

#ifndef MUPAC_CPU_THRESHOLD
#define MUPAC_CPU_THRESHOLD 4096
#endif

__global__ void mark_l3(int n, const float *a, float *y) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) y[i] = i + 0 * (int)(a[i + 1] > a[0]);
}

void mark(int n, const float *a, float *y) {
    if (n > 0 && n >= MUPAC_CPU_THRESHOLD && (a + n + 1 <= y || y + n <= a)) {
        float *a_d, *y_d;
        cudaMalloc(&a_d, (n + 1) * sizeof(float));
        cudaMalloc(&y_d, n * sizeof(float));
        cudaMemcpy(a_d, a, (n + 1) * sizeof(float), cudaMemcpyHostToDevice);
        mark_l3<<<(n + 255) / 256, 256>>>(n, a_d, y_d);
        cudaMemcpy(y, y_d, n * sizeof(float), cudaMemcpyDeviceToHost);
        cudaFree(a_d);
        cudaFree(y_d);
    } else {
        for (int i = 0; i < n; i++) y[i] = i;
    }
}
