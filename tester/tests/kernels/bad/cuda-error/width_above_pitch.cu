// expect: cuda-error
// The rows of the two-dimensional copy are wider than their pitch.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void fill(short *m) { m[threadIdx.y * 8 + threadIdx.x] = 4; }

int main() {
    short *m, host[4][6];
    cudaMalloc(&m, 4 * 8 * sizeof(short));
    fill<<<1, dim3(8, 4)>>>(m);
    cudaMemcpy2D(host, 6 * sizeof(short), m, 8 * sizeof(short), 8 * sizeof(short), 3, cudaMemcpyDeviceToHost);
    printf("rows\n");
    cudaFree(m);
    return 0;
}
