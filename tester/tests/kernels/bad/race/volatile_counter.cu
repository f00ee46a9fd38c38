// expect: race
// Volatile is not atomic.
#include <cuda_runtime.h>
__global__ void k(volatile int *x) { *x = *x + 1; }
int main() { int *x; cudaMalloc(&x, 4); cudaMemset(x, 0, 4); k<<<4, 64>>>(x); return cudaDeviceSynchronize(); }
