// expect: out-of-bounds or host-pointer
// The subscript is a product of two ints that does not fit an int and comes out negative.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void pick(const int *x, int n, int step, int *y) {
    int i = threadIdx.x;
    int at = (i + 1) * step;
    if (at < n) y[i] = x[at];
}

int main() {
    const int n = 1000;
    int *x, *y;
    cudaMalloc(&x, n * sizeof(int));
    cudaMalloc(&y, 8 * sizeof(int));
    cudaMemset(x, 0, n * sizeof(int));
    cudaMemset(y, 0, 8 * sizeof(int));
    pick<<<1, 8>>>(x, n, 400000000, y);
    printf("%d\n", (int)cudaDeviceSynchronize());
    return 0;
}
