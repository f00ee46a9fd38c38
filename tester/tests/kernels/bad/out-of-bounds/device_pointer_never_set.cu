// expect: out-of-bounds
// A kernel follows a device pointer that the host never set, which is null.
#include <cuda_runtime.h>
#include <cstdio>

__device__ int *output;

__global__ void fill() { output[threadIdx.x] = threadIdx.x; }

int main() {
    fill<<<1, 16>>>();
    printf("%d\n", (int)cudaDeviceSynchronize());
    return 0;
}
