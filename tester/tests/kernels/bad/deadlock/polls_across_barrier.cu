// expect: deadlock
// Thread 0 polls a flag that thread 1 sets only behind the barrier that thread 0 has to reach.
#include <cuda_runtime.h>
__global__ void k(volatile int *flag) {
    if (threadIdx.x == 0)
        while (*flag == 0) {}
    __syncthreads();
    if (threadIdx.x == 1) *flag = 1;
}
int main() { int *x; cudaMalloc(&x, 4); cudaMemset(x, 0, 4); k<<<1, 64>>>(x); return cudaDeviceSynchronize(); }
