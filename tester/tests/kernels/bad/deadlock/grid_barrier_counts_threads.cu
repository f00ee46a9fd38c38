// expect: deadlock
// The hand-made grid barrier counts one arrival a block, but waits for as many as there are threads.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void two_phases(unsigned *arrived, int *x) {
    if (threadIdx.x == 0) {
        x[blockIdx.x] = 1;
        __threadfence();
        atomicAdd(arrived, 1u);
        while (atomicAdd(arrived, 0u) < gridDim.x * blockDim.x) {}
        __threadfence();
        x[gridDim.x + blockIdx.x] = x[(blockIdx.x + 1) % gridDim.x];
    }
}

int main() {
    unsigned *arrived;
    int *x, host[4];
    cudaMalloc(&arrived, sizeof(unsigned));
    cudaMalloc(&x, sizeof host);
    cudaMemset(arrived, 0, sizeof(unsigned));
    two_phases<<<2, 2>>>(arrived, x);
    cudaMemcpy(host, x, sizeof host, cudaMemcpyDeviceToHost);
    printf("%d %d\n", host[2], host[3]);
    return 0;
}
