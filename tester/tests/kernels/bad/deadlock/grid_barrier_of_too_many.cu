// expect: deadlock
// A barrier of the grid by hand, launched with more blocks than any device keeps resident.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void step(unsigned *arrived, int *x) {
    x[blockIdx.x * blockDim.x + threadIdx.x] = threadIdx.x;
    __syncthreads();
    if (threadIdx.x == 0) {
        __threadfence();
        atomicAdd(arrived, 1u);
        while (atomicAdd(arrived, 0u) < gridDim.x) __nanosleep(100);
    }
    __syncthreads();
}

int main() {
    const int blocks = 20000;
    unsigned *arrived;
    int *x;
    cudaMalloc(&arrived, sizeof *arrived);
    cudaMalloc(&x, blocks * 32 * sizeof(int));
    cudaMemset(arrived, 0, sizeof *arrived);
    step<<<blocks, 32>>>(arrived, x);
    cudaDeviceSynchronize();
    printf("done\n");
    return 0;
}
