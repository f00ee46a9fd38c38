// original: total.c
// entry: int total(int n, const unsigned x[n])
// kernels: total_l3
// expect: race
__global__ void total_l3(int n, const unsigned *x, unsigned *sum) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) atomicAdd(sum, x[i]);
    if (i == n - 1 && *sum == 12345u) *sum = 0;
}

int total(int n, const unsigned *x) {
    unsigned sum = 0, *x_d, *s_d;
    if (n > 0) {
        cudaMalloc(&x_d, n * sizeof(unsigned));
        cudaMalloc(&s_d, sizeof(unsigned));
        cudaMemcpy(x_d, x, n * sizeof(unsigned), cudaMemcpyHostToDevice);
        cudaMemset(s_d, 0, sizeof(unsigned));
        total_l3<<<(n + 64 - 1) / 64, 64>>>(n, x_d, s_d);
        cudaMemcpy(&sum, s_d, sizeof(unsigned), cudaMemcpyDeviceToHost);
        cudaFree(x_d);
        cudaFree(s_d);
    }
    return (int)(sum & 0x7fffffff);
}
