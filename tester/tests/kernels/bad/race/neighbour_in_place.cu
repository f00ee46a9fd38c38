// expect: race
// Each thread reads its right neighbour's element, which that thread overwrites in the same launch.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void shift(int *x, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n - 1) x[i] = x[i + 1];
}

int main() {
    const int n = 100;
    int host[n], *device;
    for (int i = 0; i < n; i++) host[i] = 7;
    cudaMalloc(&device, sizeof host);
    cudaMemcpy(device, host, sizeof host, cudaMemcpyHostToDevice);
    shift<<<2, 64>>>(device, n);
    cudaMemcpy(host, device, sizeof host, cudaMemcpyDeviceToHost);
    cudaFree(device);
    for (int i = 0; i < n; i++)
        if (host[i] != 7) return 1;
    printf("ok\n");
    return 0;
}
