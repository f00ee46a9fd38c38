// original: large_sum.c
// entry: void add() unsigned x[131072], unsigned total
// kernels: add_l5
// smaller: 131072 512
// expect: pass
// smallest: its blocks add to the same elements
unsigned x[131072], total;

__global__ void add_l5(const unsigned *x, unsigned *total) {
    int i = blockIdx.x * 128 + threadIdx.x;
    atomicAdd(total, x[i]);
}

void add(void) {
    unsigned *x_d, *t_d;
    cudaMalloc(&x_d, 131072 * sizeof(unsigned));
    cudaMalloc(&t_d, sizeof(unsigned));
    cudaMemcpy(x_d, x, 131072 * sizeof(unsigned), cudaMemcpyHostToDevice);
    cudaMemcpy(t_d, &total, sizeof(unsigned), cudaMemcpyHostToDevice);
    add_l5<<<131072 / 128, 128>>>(x_d, t_d);
    cudaMemcpy(&total, t_d, sizeof(unsigned), cudaMemcpyDeviceToHost);
    cudaFree(x_d);
    cudaFree(t_d);
}
