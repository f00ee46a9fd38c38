// original: add_rows.c
// entry: void add_rows(int n, int m, float *a[n])
// kernels: add_rows_l3
// expect: value
// smallest: float a_0[2] = {0.0f, 0.0f};\n/* of pointers in memory every two lead to one row */
#include <cuda_runtime.h>

#ifndef MUPAC_CPU_THRESHOLD
#define MUPAC_CPU_THRESHOLD 4096
#endif

__global__ void add_rows_l3(int m, float *row) {
    int j = blockIdx.x * blockDim.x + threadIdx.x;
    if (j < m) row[j] += j + 1;
}

// All rows are copied before any is changed: what two pointers lead to is changed once.
void add_rows(int n, int m, float **a) {
    if (n > 0 && m > 0 && m >= MUPAC_CPU_THRESHOLD) {
        float *rows_d;
        cudaMalloc(&rows_d, n * m * sizeof(float));
        for (int i = 0; i < n; i++) cudaMemcpy(rows_d + i * m, a[i], m * sizeof(float), cudaMemcpyHostToDevice);
        for (int i = 0; i < n; i++) add_rows_l3<<<(m + 255) / 256, 256>>>(m, rows_d + i * m);
        for (int i = 0; i < n; i++) cudaMemcpy(a[i], rows_d + i * m, m * sizeof(float), cudaMemcpyDeviceToHost);
        cudaFree(rows_d);
    } else {
        for (int i = 0; i < n; i++)
            for (int j = 0; j < m; j++) a[i][j] += j + 1;
    }
}
