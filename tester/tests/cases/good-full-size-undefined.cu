// original: large_steps.c
// entry: void steps() int y[131072]
// kernels: steps_l5
// smaller: 131072 512
// expect: pass
// smallest: the original is not defined on what was made up
int y[131072];

__global__ void steps_l5(int *y) {
    long i = blockIdx.x * 128 + threadIdx.x;
    y[i] = i * 40000 > 2147483647 ? -1 : i * 40000;
}

void steps(void) {
    int *y_d;
    cudaMalloc(&y_d, 131072 * sizeof(int));
    steps_l5<<<131072 / 128, 128>>>(y_d);
    cudaMemcpy(y, y_d, 131072 * sizeof(int), cudaMemcpyDeviceToHost);
    cudaFree(y_d);
}
