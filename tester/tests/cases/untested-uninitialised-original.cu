// original: uninitialised.c
// entry: void spread(int n, int y[n])
// kernels: spread_l3
// expect: not-launched
__global__ void spread_l3(int n, int *y) {
    int i = threadIdx.x;
    if (i < n) y[i] = 0;
}

void spread(int n, int *y) {
    if (n <= 0 || n > 1024) return;
    int *d;
    cudaMalloc(&d, n * sizeof(int));
    spread_l3<<<1, n>>>(n, d);
    cudaMemcpy(y, d, n * sizeof(int), cudaMemcpyDeviceToHost);
    cudaFree(d);
}
