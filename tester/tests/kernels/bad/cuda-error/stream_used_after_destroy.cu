// expect: cuda-error or crash
// The second launch goes to a stream that has been destroyed.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void add(int *x, int by) { atomicAdd(x, by); }

int main() {
    int got, *x;
    cudaStream_t stream;
    cudaStreamCreate(&stream);
    cudaMalloc(&x, sizeof *x);
    cudaMemset(x, 0, sizeof *x);
    add<<<1, 4, 0, stream>>>(x, 1);
    cudaStreamDestroy(stream);
    add<<<1, 4, 0, stream>>>(x, 2);
    cudaDeviceSynchronize();
    cudaMemcpy(&got, x, sizeof got, cudaMemcpyDeviceToHost);
    printf("%d\n", got);
    return 0;
}
