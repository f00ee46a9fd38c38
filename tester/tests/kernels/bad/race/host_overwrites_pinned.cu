// expect: race
// The host changes pinned memory that an asynchronous copy has not read yet.
#include <cuda_runtime.h>
#include <cstdio>
__global__ void copy(const int *x, int *y) { y[threadIdx.x] = x[threadIdx.x]; }
int main() {
    int *x, *y, *host, result[64];
    cudaMalloc(&x, sizeof result);
    cudaMalloc(&y, sizeof result);
    cudaMallocHost(&host, sizeof result);
    for (int i = 0; i < 64; i++) host[i] = i;
    cudaStream_t s;
    cudaStreamCreate(&s);
    cudaMemcpyAsync(x, host, sizeof result, cudaMemcpyHostToDevice, s);
    copy<<<1, 64, 0, s>>>(x, y);
    for (int i = 0; i < 64; i++) host[i] = 0;
    cudaStreamSynchronize(s);
    cudaMemcpy(result, y, sizeof result, cudaMemcpyDeviceToHost);
    return 0;
}
