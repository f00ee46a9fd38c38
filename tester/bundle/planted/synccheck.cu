// A planted bug: half a block waits at a barrier that the other half never reaches.
#include <cuda_runtime.h>

__global__ void wait_in_vain(int *p) {
    if (threadIdx.x % 2 == 0) __syncthreads();
    p[threadIdx.x] = 1;
}

int main() {
    int *p;
    if (cudaMalloc(&p, 128 * sizeof(int)) != cudaSuccess) return 1;
    wait_in_vain<<<1, 128>>>(p);
    return cudaDeviceSynchronize() == cudaSuccess ? 0 : 3;
}
