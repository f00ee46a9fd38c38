// expect: divergent-barrier
// Half of the warp shuffles with a mask that names all of it; the others only come to the block's barrier.
#include <cuda_runtime.h>
__global__ void k(int *x) {
    int t = threadIdx.x, v = t;
    if (t < 16) v = __shfl_down_sync(0xffffffffu, v, 1);
    __syncthreads();
    x[t] = v;
}
int main() { int *x; cudaMalloc(&x, 256); k<<<1, 64>>>(x); return cudaDeviceSynchronize(); }
