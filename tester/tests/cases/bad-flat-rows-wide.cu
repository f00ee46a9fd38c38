// original: flat_rows.c
// entry: void flat_rows(int n, int m, double p[n])
// rows: p m
// kernels: flat_rows_l3
// expect: out-of-bounds
#include <cuda_runtime.h>

// One element more than the rows that the original names.
__global__ void flat_rows_l3(int n, int m, double *a) {
    int i = blockIdx.y * blockDim.y + threadIdx.y, j = 1 + blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n && j < m - 1) a[(size_t)i * m + j] += i + j;
}

void flat_rows(int n, int m, double *p) {
    if (n <= 0 || m < 3) return;
    double *d;
    size_t bytes = ((size_t)n * m + 1) * sizeof(double);
    cudaMalloc(&d, bytes);
    cudaMemcpy(d, p, bytes, cudaMemcpyHostToDevice);
    flat_rows_l3<<<dim3((m + 13) / 16, (n + 7) / 8), dim3(16, 8)>>>(n, m, d);
    cudaMemcpy(p, d, bytes, cudaMemcpyDeviceToHost);
    cudaFree(d);
}
