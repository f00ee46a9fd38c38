// expect: pass
// A cooperative launch orders the two halves of its work with the barrier of the grid.
#include <cuda_runtime.h>
#include <cooperative_groups.h>
#include <cstdio>
namespace cg = cooperative_groups;
__global__ void two_halves(int *x, int *y, int n) {
    cg::grid_group grid = cg::this_grid();
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    for (int round = 0; round < 3; round++) {
        if (i < n) y[i] = x[i] + x[n - 1 - i];
        grid.sync();
        if (i < n) x[n - 1 - i] = y[i];
        grid.sync();
    }
}
int main() {
    int n = 500, host[500], *x, *y;
    for (int i = 0; i < n; i++) host[i] = i;
    cudaMalloc(&x, sizeof host);
    cudaMalloc(&y, sizeof host);
    cudaMemcpy(x, host, sizeof host, cudaMemcpyHostToDevice);
    void *arguments[] = {&x, &y, &n};
    if (cudaLaunchCooperativeKernel((void *)two_halves, dim3(8), dim3(64), arguments, 0, 0) != cudaSuccess) return 2;
    cudaMemcpy(host, x, sizeof host, cudaMemcpyDeviceToHost);
    for (int i = 0; i < n; i++)
        if (host[i] != 499 * 4) return 1;
    printf("ok\n");
    return 0;
}
