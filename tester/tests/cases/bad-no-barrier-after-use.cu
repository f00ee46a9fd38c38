// original: mirror.c
// entry: void mirror(int n, const int x[64 * n], int y[64 * n])
// kernels: mirror_l3
// expect: race
__global__ void mirror_l3(const int *x, int *y) {
    __shared__ int tile[64];
    int t = threadIdx.x, b = 64 * blockIdx.x;
    tile[t] = x[b + t];
    __syncthreads();
    y[b + t] = tile[63 - t];
    tile[t] = 0;
}

void mirror(int n, const int *x, int *y) {
    if (n <= 0 || (x < y + 64 * n && y < x + 64 * n)) {
        for (int b = 0; b < n; b++)
            for (int i = 0; i < 64; i++) y[64 * b + i] = x[64 * b + 63 - i];
        return;
    }
    size_t bytes = 64 * n * sizeof(int);
    int *x_d, *y_d;
    cudaMalloc(&x_d, bytes);
    cudaMalloc(&y_d, bytes);
    cudaMemcpy(x_d, x, bytes, cudaMemcpyHostToDevice);
    mirror_l3<<<n, 64, 64 * sizeof(int)>>>(x_d, y_d);
    cudaMemcpy(y, y_d, bytes, cudaMemcpyDeviceToHost);
    cudaFree(x_d);
    cudaFree(y_d);
}
