// original: copy.c
// entry: static void copy(int n, const int x[n], int y[n])
// kernels: copy_l2
// expect: race
// origin: the access stands at line 9 of the emitted text
__global__ void copy_l2(int n, const int *x, int *y) {
    int i = blockIdx.x * 32 + threadIdx.x;
    if (i < n) y[i] = x[i] * 2;
    if (i > 0 && i < n) y[i - 1] = x[i - 1] * 2;
}

static void copy(int n, const int *x, int *y) {
    if (n <= 0 || (x < y + n && y < x + n)) {
        for (int i = 0; i < n; i++) y[i] = x[i] * 2;
        return;
    }
    int *x_d, *y_d;
    cudaMalloc(&x_d, n * sizeof(int));
    cudaMalloc(&y_d, n * sizeof(int));
    cudaMemcpy(x_d, x, n * sizeof(int), cudaMemcpyHostToDevice);
    copy_l2<<<(n + 31) / 32, 32>>>(n, x_d, y_d);
    cudaMemcpy(y, y_d, n * sizeof(int), cudaMemcpyDeviceToHost);
    cudaFree(x_d);
    cudaFree(y_d);
}
