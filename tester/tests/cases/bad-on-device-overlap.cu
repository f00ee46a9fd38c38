// original: double_on.c
// memory: device
// entry: void double_on(int m, float row[m], float b[m])
// kernels: double_on_l2
// expect: race
#include <cuda_runtime.h>

__global__ void double_on_l2(const float *b, float *row, int m) {
    int j = blockIdx.x * blockDim.x + threadIdx.x;
    if (j < m) row[j] = 2 * b[j];
}

// Nothing asks whether one array of the caller is a part of the other.
void double_on(int m, float *row, const float *b) {
    if (m > 0) double_on_l2<<<(m + 255) / 256, 256>>>(b, row, m);
}
