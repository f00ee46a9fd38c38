// expect: pass
// The maximum of doubles by an atomicCAS loop over their bits; the first guess is read atomically as well.
#include <cuda_runtime.h>
#include <cstdio>

__device__ void raise(unsigned long long *bits, double v) {
    unsigned long long old = atomicOr(bits, 0ULL), seen;
    do {
        seen = old;
        if (__longlong_as_double((long long)seen) >= v) return;
        old = atomicCAS(bits, seen, (unsigned long long)__double_as_longlong(v));
    } while (old != seen);
}

__global__ void maximum(const double *x, int n, unsigned long long *bits) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) raise(bits, x[i]);
}

int main() {
    double host[75], *x, got;
    unsigned long long *bits;
    for (int i = 0; i < 75; i++) host[i] = i * 29 % 75 - 40.5;
    cudaMalloc(&x, sizeof host);
    cudaMalloc(&bits, 8);
    cudaMemcpy(x, host, sizeof host, cudaMemcpyHostToDevice);
    cudaMemcpy(bits, host, 8, cudaMemcpyHostToDevice);
    maximum<<<3, 32>>>(x, 75, bits);
    cudaMemcpy(&got, bits, 8, cudaMemcpyDeviceToHost);
    printf("%g\n", got);
    return got != 33.5;
}
