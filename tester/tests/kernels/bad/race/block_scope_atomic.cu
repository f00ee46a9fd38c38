// expect: race
// Atomic for the block only, but several blocks add.
#include <cuda_runtime.h>
__global__ void k(int *x) { atomicAdd_block(x, 1); }
int main() { int *x; cudaMalloc(&x, 4); cudaMemset(x, 0, 4); k<<<4, 64>>>(x); return cudaDeviceSynchronize(); }
