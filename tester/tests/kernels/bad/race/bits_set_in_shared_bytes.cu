// expect: race
// Threads set bits of the same byte by reading and writing it.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void mark(const int *x, int n, unsigned char *bits) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n && x[i] > 0) bits[i / 8] |= (unsigned char)(1 << i % 8);
}

int main() {
    const int n = 200;
    int x[n], *x_device;
    unsigned char got[n / 8], *bits;
    for (int i = 0; i < n; i++) x[i] = i % 3 == 0;
    cudaMalloc(&x_device, sizeof x);
    cudaMalloc(&bits, sizeof got);
    cudaMemset(bits, 0, sizeof got);
    cudaMemcpy(x_device, x, sizeof x, cudaMemcpyHostToDevice);
    mark<<<4, 64>>>(x_device, n, bits);
    cudaMemcpy(got, bits, sizeof got, cudaMemcpyDeviceToHost);
    for (int i = 0; i < n; i++)
        if ((got[i / 8] >> i % 8 & 1) != (i % 3 == 0)) return 1;
    printf("ok\n");
    return 0;
}
