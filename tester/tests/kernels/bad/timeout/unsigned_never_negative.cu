// expect: timeout
// The loop counts an unsigned number down until it is negative.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void backwards(const int *x, volatile int *last, unsigned n) {
    for (unsigned i = n - 1; i >= 0; i--)
        *last = x[i % n];
}

int main() {
    int host[4] = {5, 6, 7, 8}, *x, *last;
    cudaMalloc(&x, sizeof host);
    cudaMalloc(&last, sizeof(int));
    cudaMemcpy(x, host, sizeof host, cudaMemcpyHostToDevice);
    backwards<<<1, 1>>>(x, last, 4);
    cudaMemcpy(host, last, sizeof(int), cudaMemcpyDeviceToHost);
    printf("%d\n", host[0]);
    return host[0] != 5;
}
