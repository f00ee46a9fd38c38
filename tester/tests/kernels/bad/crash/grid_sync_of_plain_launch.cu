// expect: crash or cuda-error
// The kernel synchronizes its grid, but is launched without cudaLaunchCooperativeKernel.
#include <cuda_runtime.h>
#include <cooperative_groups.h>
#include <cstdio>
namespace cg = cooperative_groups;

__global__ void two_steps(const int *x, int *y, int *z, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    y[i] = 2 * x[i];
    cg::this_grid().sync();
    z[i] = y[n - 1 - i];
}

int main() {
    const int n = 128;
    int x[n], z[n], *x_device, *y, *z_device;
    for (int i = 0; i < n; i++) x[i] = i;
    cudaMalloc(&x_device, sizeof x);
    cudaMalloc(&y, sizeof x);
    cudaMalloc(&z_device, sizeof z);
    cudaMemcpy(x_device, x, sizeof x, cudaMemcpyHostToDevice);
    two_steps<<<2, 64>>>(x_device, y, z_device, n);
    cudaMemcpy(z, z_device, sizeof z, cudaMemcpyDeviceToHost);
    for (int i = 0; i < n; i++)
        if (z[i] != 2 * (n - 1 - i)) return 1;
    printf("ok\n");
    return 0;
}
