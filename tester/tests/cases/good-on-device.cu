// original: double_on.c
// memory: device
// entry: void double_on(int m, float row[m], float b[m])
// kernels: double_on_l2
// expect: pass
#include <cuda_runtime.h>
#include <cstdint>

__global__ void double_on_l2(const float *b, float *row, int m) {
    int j = blockIdx.x * blockDim.x + threadIdx.x;
    if (j < m) row[j] = 2 * b[j];
}

__global__ void double_on_l2_alone(const float *b, float *row, int m) {
    for (int j = 0; j < m; j++) row[j] = 2 * b[j];
}

// Both arrays lie on the device; where they overlap, as the caller's do, one thread runs the loop.
void double_on(int m, float *row, const float *b) {
    if (m > 0 && ((uintptr_t)row >= (uintptr_t)(b + m) || (uintptr_t)b >= (uintptr_t)(row + m)))
        double_on_l2<<<(m + 255) / 256, 256>>>(b, row, m);
    else
        double_on_l2_alone<<<1, 1>>>(b, row, m);
}
