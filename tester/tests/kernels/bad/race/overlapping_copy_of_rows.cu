// expect: race
// cudaMemcpy2D moves the rows of a matrix up by one within the matrix, although its two areas may not overlap.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void fill(int *a, int width) { a[blockIdx.x * width + threadIdx.x] = blockIdx.x; }

int main() {
    const int rows = 8, width = 16;
    const size_t pitch = width * sizeof(int);
    int a[rows * width], *a_device;
    cudaMalloc(&a_device, sizeof a);
    fill<<<rows, width>>>(a_device, width);
    cudaMemcpy2D(a_device, pitch, a_device + width, pitch, pitch, rows - 1, cudaMemcpyDeviceToDevice);
    cudaMemcpy(a, a_device, sizeof a, cudaMemcpyDeviceToHost);
    for (int i = 0; i < rows; i++)
        if (a[i * width] != (i < rows - 1 ? i + 1 : i)) return 1;
    printf("ok\n");
    return 0;
}
