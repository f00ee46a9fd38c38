// A planted bug: threads read what others write to shared memory, with no barrier between.
#include <cuda_runtime.h>

__global__ void reverse(int *p) {
    __shared__ int s[128];
    s[threadIdx.x] = p[threadIdx.x];
    p[threadIdx.x] = s[127 - threadIdx.x];
}

int main() {
    int *p;
    if (cudaMalloc(&p, 128 * sizeof(int)) != cudaSuccess || cudaMemset(p, 1, 128 * sizeof(int)) != cudaSuccess) return 1;
    reverse<<<1, 128>>>(p);
    return cudaDeviceSynchronize() == cudaSuccess ? 0 : 3;
}
