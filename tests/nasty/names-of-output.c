int namespace_;
int MUPAC_CPU_THRESHOLD_, f_l5_, blockIdx_;
float a_d, b_d;
void f(int threadIdx, float *blockDim, float *cudaMalloc) {
    for (int blockIdx = 0; blockIdx < threadIdx; blockIdx++) blockDim[blockIdx] = cudaMalloc[blockIdx];
}
int f_l5(int n) { return n; }
void g(int n, int *Buffer) {
    int i, check;
    for (i = 0; i < n; i++) { check = i; Buffer[i] = check; }
}
