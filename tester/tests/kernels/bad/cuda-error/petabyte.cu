// expect: cuda-error
// The size of the allocation is far above the memory of any device.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void first(char *p) { *p = 1; }

int main() {
    char *p = nullptr, *small;
    cudaMalloc(&small, 1);
    first<<<1, 1>>>(small);
    cudaMalloc(&p, (size_t)1 << 50);
    cudaDeviceSynchronize();
    printf("%d\n", p != nullptr);
    return 0;
}
