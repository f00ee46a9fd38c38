// expect: out-of-bounds
// Thread 0 reads the element before the first one, although the result does not use it.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void differences(const long *x, long *d, int n) {
    int i = threadIdx.x;
    if (i >= n) return;
    long before = x[i - 1];
    d[i] = i ? x[i] - before : 0;
}

int main() {
    long host[21], *x, *d;
    for (int i = 0; i < 21; i++) host[i] = 3L * i;
    cudaMalloc(&x, sizeof host);
    cudaMalloc(&d, sizeof host);
    cudaMemcpy(x, host, sizeof host, cudaMemcpyHostToDevice);
    differences<<<1, 32>>>(x, d, 21);
    cudaMemcpy(host, d, sizeof host, cudaMemcpyDeviceToHost);
    for (int i = 1; i < 21; i++)
        if (host[i] != 3) return 1;
    printf("%ld\n", host[20]);
    return 0;
}
