// original: double_into.c
// entry: void double_into(int m, float *rows[1], float b[m])
// kernels: double_into_l3
// expect: value
// smallest: a row is element
#include <cuda_runtime.h>

#ifndef MUPAC_CPU_THRESHOLD
#define MUPAC_CPU_THRESHOLD 4096
#endif

__global__ void double_into_l3(const float *b, float *row, int m) {
    int j = blockIdx.x * blockDim.x + threadIdx.x;
    if (j < m) row[j] = 2 * b[j];
}

// Nothing asks whether the row is a part of `b`.
void double_into(int m, float **rows, const float *b) {
    float *row = rows[0];
    if (m > 0 && m >= MUPAC_CPU_THRESHOLD) {
        float *b_d, *row_d;
        cudaMalloc(&b_d, m * sizeof(float));
        cudaMalloc(&row_d, m * sizeof(float));
        cudaMemcpy(b_d, b, m * sizeof(float), cudaMemcpyHostToDevice);
        double_into_l3<<<(m + 255) / 256, 256>>>(b_d, row_d, m);
        cudaMemcpy(row, row_d, m * sizeof(float), cudaMemcpyDeviceToHost);
        cudaFree(b_d);
        cudaFree(row_d);
    } else {
        for (int j = 0; j < m; j++) row[j] = 2 * b[j];
    }
}
