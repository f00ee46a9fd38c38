// expect: crash
// The program calls abort where the result differs from what it (wrongly) expects.
#include <cuda_runtime.h>
#include <cstdio>
#include <cstdlib>

__global__ void cube(const short *x, int *y) { y[threadIdx.x] = x[threadIdx.x] * x[threadIdx.x] * x[threadIdx.x]; }

int main() {
    short host[3] = {2, -3, 4}, *x;
    int *y, got[3];
    cudaMalloc(&x, sizeof host);
    cudaMalloc(&y, sizeof got);
    cudaMemcpy(x, host, sizeof host, cudaMemcpyHostToDevice);
    cube<<<1, 3>>>(x, y);
    cudaMemcpy(got, y, sizeof got, cudaMemcpyDeviceToHost);
    if (got[1] != 27) abort();
    printf("%d\n", got[1]);
    return 0;
}
