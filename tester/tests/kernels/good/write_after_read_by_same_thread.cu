// expect: pass
// The update is in place, but each thread reads and writes its own element only, twice.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void twice(signed char *x, int n) {
    for (int i = threadIdx.x; i < n; i += blockDim.x) {
        x[i] = (signed char)-x[i];
        x[i] += 1;
    }
}

int main() {
    signed char host[55], *x;
    for (int i = 0; i < 55; i++) host[i] = (signed char)(i - 20);
    cudaMalloc(&x, 55);
    cudaMemcpy(x, host, 55, cudaMemcpyHostToDevice);
    twice<<<1, 12>>>(x, 55);
    cudaMemcpy(host, x, 55, cudaMemcpyDeviceToHost);
    for (int i = 0; i < 55; i++)
        if (host[i] != 21 - i) return 1;
    printf("%d\n", host[54]);
    return 0;
}
