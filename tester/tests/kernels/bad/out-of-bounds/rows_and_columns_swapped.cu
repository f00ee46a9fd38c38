// expect: out-of-bounds
// The index of the flat matrix multiplies with the number of rows where it needs that of columns; the matrix is not square, so the guard does not help.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void scale(float *m, int rows, int columns) {
    int c = blockIdx.x * blockDim.x + threadIdx.x, r = blockIdx.y * blockDim.y + threadIdx.y;
    if (r < rows && c < columns) m[c * columns + r] = 2.0f;
}

int main() {
    const int rows = 5, columns = 13;
    float *m;
    cudaMalloc(&m, rows * columns * sizeof(float));
    cudaMemset(m, 0, rows * columns * sizeof(float));
    scale<<<dim3(2, 1), dim3(8, 8)>>>(m, rows, columns);
    cudaError_t e = cudaDeviceSynchronize();
    printf("%d\n", (int)e);
    cudaFree(m);
    return 0;
}
