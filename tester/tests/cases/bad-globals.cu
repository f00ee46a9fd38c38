// original: scale.c
// entry: void scale() double factor, int count, double table[100]
// kernels: scale_l6
// expect: value
// origin: thread (0,0,0) of block (0,0,0) of scale_l6 wrote it last at line 6, line 12 of the emitted text
static double factor = 2.0;
static int count;
double table[100];

__global__ void scale_l6(int n, double factor, double *table) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) table[i] = table[i] * factor;  // original: table[i] = table[i] * factor;
}

void scale(void) {
    double *d;
    int n = count < 100 ? count : 100;
    if (n <= 0) return;
    cudaMalloc(&d, sizeof table);
    cudaMemcpy(d, table, sizeof table, cudaMemcpyHostToDevice);
    scale_l6<<<(n + 31) / 32, 32>>>(n, 2.0, d);
    cudaMemcpy(table, d, sizeof table, cudaMemcpyDeviceToHost);
    cudaFree(d);
}
