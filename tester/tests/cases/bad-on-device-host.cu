// original: double_on.c
// memory: device
// entry: void double_on(int m, float row[m], float b[m])
// kernels: double_on_l2
// expect: host-pointer
#include <cuda_runtime.h>

__global__ void double_on_l2(const float *b, float *row, int m) {
    int j = blockIdx.x * blockDim.x + threadIdx.x;
    if (j < m) row[j] = 2 * b[j];
}

// A small array stays on the host, which has none.
void double_on(int m, float *row, const float *b) {
    if (m >= 40)
        double_on_l2<<<(m + 255) / 256, 256>>>(b, row, m);
    else
        for (int j = 0; j < m; j++) row[j] = 2 * b[j];
}
