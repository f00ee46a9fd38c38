// original: double_on.c
// memory: device
// entry: void double_on(int m, float row[m], float b[m])
// kernels: double_on_l2
// expect: out-of-bounds
#include <cuda_runtime.h>

// The element behind the last is read and not used.
__global__ void double_on_l2(const float *b, float *row, int m) {
    int j = blockIdx.x * blockDim.x + threadIdx.x;
    float next = j < m ? ((volatile const float *)b)[j + 1] : 0;
    if (j < m) row[j] = 2 * b[j] + 0 * (next > 0);
}

__global__ void double_on_l2_alone(const float *b, float *row, int m) {
    for (int j = 0; j < m; j++) row[j] = 2 * b[j];
}

void double_on(int m, float *row, const float *b) {
    if (row >= b + m || b >= row + m) {
        if (m > 0) double_on_l2<<<(m + 255) / 256, 256>>>(b, row, m);
    } else
        double_on_l2_alone<<<1, 1>>>(b, row, m);
}
