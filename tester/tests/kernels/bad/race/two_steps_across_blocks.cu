// expect: race
// Two time steps in one launch with __syncthreads between them: the second step reads the neighbours across a block's edge, which another block writes.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void diffuse_twice(double *a, double *b, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    bool inside = i > 0 && i < n - 1;
    if (inside) b[i] = 0.5 * (a[i - 1] + a[i + 1]);
    __syncthreads();
    if (i > 1 && i < n - 2) a[i] = 0.5 * (b[i - 1] + b[i + 1]);
}

int main() {
    const int n = 66;
    double start[n], end[n];
    for (int i = 0; i < n; ++i) start[i] = 4.0;
    double *a, *b;
    cudaMalloc(&a, n * sizeof(double));
    cudaMalloc(&b, n * sizeof(double));
    cudaMemcpy(a, start, n * sizeof(double), cudaMemcpyHostToDevice);
    cudaMemcpy(b, start, n * sizeof(double), cudaMemcpyHostToDevice);
    diffuse_twice<<<3, 22>>>(a, b, n);
    cudaMemcpy(end, a, n * sizeof(double), cudaMemcpyDeviceToHost);
    for (double v : end)
        if (v != 4.0) return 1;
    puts("steady");
    return 0;
}
