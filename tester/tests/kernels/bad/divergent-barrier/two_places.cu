// expect: divergent-barrier
// Odd threads wait at one barrier, even ones at another.
#include <cuda_runtime.h>
__global__ void k(int *x) {
    __shared__ int s[64];
    int t = threadIdx.x;
    s[t] = t;
    if (t % 2) __syncthreads();
    else __syncthreads();
    x[t] = s[63 - t];
}
int main() { int *x; cudaMalloc(&x, 256); k<<<1, 64>>>(x); return cudaDeviceSynchronize(); }
