// original: large.c
// entry: void large() float x[131072], float y[131072]
// kernels: large_l3
// smaller: 131072 512
// expect: pass
// smallest: Compared { blocks: 12, of: 1024
float x[131072], y[131072];

__global__ void large_l3(const float *x, float *y) {
    int i = blockIdx.x * 128 + threadIdx.x;
    y[i] = 2 * x[i];
}

void large(void) {
    float *x_d, *y_d;
    cudaMalloc(&x_d, 131072 * sizeof(float));
    cudaMalloc(&y_d, 131072 * sizeof(float));
    cudaMemcpy(x_d, x, 131072 * sizeof(float), cudaMemcpyHostToDevice);
    large_l3<<<131072 / 128, 128>>>(x_d, y_d);
    cudaMemcpy(y, y_d, 131072 * sizeof(float), cudaMemcpyDeviceToHost);
    cudaFree(x_d);
    cudaFree(y_d);
}
