// expect: pass
// Two parts of one buffer that do not overlap are copied into each other on the device, and the pointer kind is inferred.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void number(int *x) { x[threadIdx.x] = threadIdx.x; }

int main() {
    int *x, host[30];
    cudaMalloc(&x, sizeof host);
    number<<<1, 30>>>(x);
    cudaMemcpy(x, x + 15, 15 * sizeof(int), cudaMemcpyDeviceToDevice);
    cudaMemcpy(host, x, sizeof host, cudaMemcpyDefault);
    for (int i = 0; i < 30; i++)
        if (host[i] != i % 15 + 15) return 1;
    printf("%d\n", host[0]);
    return 0;
}
