// expect: host-pointer
// The host loop reads the device buffer directly instead of the copy.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void ones(float *x) { x[threadIdx.x] = 1; }

int main() {
    float *x, sum = 0;
    cudaMalloc(&x, 16 * sizeof(float));
    ones<<<1, 16>>>(x);
    cudaDeviceSynchronize();
    for (int i = 0; i < 16; i++) sum += x[i];
    printf("%g\n", sum);
    cudaFree(x);
    return sum != 16;
}
