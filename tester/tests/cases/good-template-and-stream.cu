// original: copy.c
// entry: static void copy(int n, const int x[n], int y[n])
// kernels: copy_l2<int,2>
// expect: pass
template <class T, int K> __global__ void copy_l2(int n, const T *x, T *y) {
    int i = blockIdx.x * 64 + threadIdx.x;
    if (i < n) y[i] = x[i] * K;
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
    cudaStream_t s;
    cudaStreamCreate(&s);
    copy_l2<int, 2><<<dim3((n + 63) / 64), 64, 0, s>>>(n, x_d, y_d);
    cudaStreamSynchronize(s);
    cudaStreamDestroy(s);
    cudaMemcpy(y, y_d, n * sizeof(int), cudaMemcpyDeviceToHost);
    cudaFree(x_d);
    cudaFree(y_d);
}
