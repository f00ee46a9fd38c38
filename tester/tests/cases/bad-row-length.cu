// original: rows.c
// entry: void rows(int n, int m, double a[n][m])
// kernels: rows_l2
// expect: race value out-of-bounds
__global__ void rows_l2(int n, int m, double *a) {
    int i = blockIdx.y * blockDim.y + threadIdx.y, j = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n && j < m) a[i * n + j] = i + j;
}

void rows(int n, int m, double *a) {
    if (n <= 0 || m <= 0) return;
    double *d;
    cudaMalloc(&d, (size_t)n * m * sizeof(double));
    rows_l2<<<dim3((m + 15) / 16, (n + 7) / 8), dim3(16, 8)>>>(n, m, d);
    cudaMemcpy(a, d, (size_t)n * m * sizeof(double), cudaMemcpyDeviceToHost);
    cudaFree(d);
}
