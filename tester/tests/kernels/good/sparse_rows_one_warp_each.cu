// expect: pass
// Each warp multiplies one row of a sparse matrix, whose lengths differ; the loop's trip counts differ, but the shuffles stand behind the loop.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void multiply(const int *begin, const int *column, const double *value, const double *x, double *y) {
    int row = threadIdx.x / 32, lane = threadIdx.x % 32;
    double sum = 0;
    for (int k = begin[row] + lane; k < begin[row + 1]; k += 32) sum += value[k] * x[column[k]];
    for (int d = 16; d > 0; d /= 2) sum += __shfl_down_sync(0xffffffffu, sum, d);
    if (lane == 0) y[row] = sum;
}

int main() {
    int begin[4] = {0, 3, 3, 42}, column[42], *b, *c;
    double value[42], x[6] = {1, 2, 3, 4, 5, 6}, y[3], *v, *dx, *dy;
    for (int k = 0; k < 42; k++) column[k] = k % 6, value[k] = k < 3 ? 10 : 1;
    cudaMalloc(&b, sizeof begin);
    cudaMalloc(&c, sizeof column);
    cudaMalloc(&v, sizeof value);
    cudaMalloc(&dx, sizeof x);
    cudaMalloc(&dy, sizeof y);
    cudaMemcpy(b, begin, sizeof begin, cudaMemcpyHostToDevice);
    cudaMemcpy(c, column, sizeof column, cudaMemcpyHostToDevice);
    cudaMemcpy(v, value, sizeof value, cudaMemcpyHostToDevice);
    cudaMemcpy(dx, x, sizeof x, cudaMemcpyHostToDevice);
    multiply<<<1, 96>>>(b, c, v, dx, dy);
    cudaMemcpy(y, dy, sizeof y, cudaMemcpyDeviceToHost);
    printf("%g %g %g\n", y[0], y[1], y[2]);
    return y[0] != 60 || y[1] != 0 || y[2] != 141;
}
