// expect: pass
// A few blocks, all resident, meet at a hand-made barrier: block barrier, fence, atomic arrival, atomic wait, fence, block barrier.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void two_phases(const int *x, int *y, int *z, unsigned *arrived) {
    int i = blockIdx.x * blockDim.x + threadIdx.x, n = gridDim.x * blockDim.x;
    y[i] = x[i] * x[i];
    __syncthreads();
    if (threadIdx.x == 0) {
        __threadfence();
        atomicAdd(arrived, 1u);
        while (atomicAdd(arrived, 0u) < gridDim.x) {}
        __threadfence();
    }
    __syncthreads();
    z[i] = y[n - 1 - i] - y[i];
}

int main() {
    int host[24], *x, *y, *z;
    unsigned *arrived;
    for (int i = 0; i < 24; i++) host[i] = i;
    cudaMalloc(&x, sizeof host);
    cudaMalloc(&y, sizeof host);
    cudaMalloc(&z, sizeof host);
    cudaMalloc(&arrived, sizeof(unsigned));
    cudaMemset(arrived, 0, sizeof(unsigned));
    cudaMemcpy(x, host, sizeof host, cudaMemcpyHostToDevice);
    two_phases<<<3, 8>>>(x, y, z, arrived);
    cudaMemcpy(host, z, sizeof host, cudaMemcpyDeviceToHost);
    for (int i = 0; i < 24; i++)
        if (host[i] != (23 - i) * (23 - i) - i * i) return 1;
    printf("%d\n", host[0]);
    return 0;
}
