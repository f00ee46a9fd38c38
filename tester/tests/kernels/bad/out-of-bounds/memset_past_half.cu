// expect: out-of-bounds
// cudaMemset gets the bytes of the whole buffer, but starts at its middle.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void read(const unsigned *x, unsigned *ored) { atomicOr(ored, x[threadIdx.x]); }

int main() {
    unsigned *x, *ored, got = 1;
    cudaMalloc(&x, 32 * sizeof(unsigned));
    cudaMalloc(&ored, sizeof(unsigned));
    cudaMemset(ored, 0, sizeof(unsigned));
    cudaMemset(x, 0, 16 * sizeof(unsigned));
    cudaMemset(x + 16, 0, 32 * sizeof(unsigned));
    read<<<1, 32>>>(x, ored);
    cudaMemcpy(&got, ored, sizeof got, cudaMemcpyDeviceToHost);
    printf("%u\n", got);
    return (int)got;
}
