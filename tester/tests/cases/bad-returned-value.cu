// original: total.c
// entry: int total(int n, const unsigned x[n])
// kernels: total_l3
// expect: value
// origin: thread (0,0,0) of block (0,0,0) of total_l3 wrote it last at line 15 of the emitted text
__global__ void total_l3(int n, const unsigned *x, unsigned *sum) {
    __shared__ unsigned s[64];
    int t = threadIdx.x, i = blockIdx.x * 64 + t;
    s[t] = i < n ? x[i] : 0u;
    __syncthreads();
    for (int d = 32; d > 0; d /= 2) {
        if (t < d) s[t] += s[t + d];
        __syncthreads();
    }
    if (t == 0) atomicAdd(sum, s[0] + (n > 40));
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
