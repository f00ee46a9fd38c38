// original: add_rows.c
// entry: void add_rows(int n, int m, float *a[n])
// kernels: add_rows_l3
// expect: pass
#include <cuda_runtime.h>

#ifndef MUPAC_CPU_THRESHOLD
#define MUPAC_CPU_THRESHOLD 4096
#endif

__global__ void add_rows_l3(int m, float *row) {
    int j = blockIdx.x * blockDim.x + threadIdx.x;
    if (j < m) row[j] += j + 1;
}

void add_rows(int n, int m, float **a) {
    for (int i = 0; i < n; i++) {
        if (m > 0 && m >= MUPAC_CPU_THRESHOLD) {
            float *row_d;
            cudaMalloc(&row_d, m * sizeof(float));
            cudaMemcpy(row_d, a[i], m * sizeof(float), cudaMemcpyHostToDevice);
            add_rows_l3<<<(m + 255) / 256, 256>>>(m, row_d);
            cudaMemcpy(a[i], row_d, m * sizeof(float), cudaMemcpyDeviceToHost);
            cudaFree(row_d);
        } else {
            for (int j = 0; j < m; j++) a[i][j] += j + 1;
        }
    }
}
