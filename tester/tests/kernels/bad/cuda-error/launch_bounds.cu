// expect: cuda-error
// More threads than the kernel was compiled for.
#include <cuda_runtime.h>
#define MOST 128
__global__ void __launch_bounds__(MOST) k(int *x) { x[threadIdx.x] = 1; }
int main() { int *x; cudaMalloc(&x, 1024); k<<<1, 256>>>(x); cudaFree(x); return 0; }
