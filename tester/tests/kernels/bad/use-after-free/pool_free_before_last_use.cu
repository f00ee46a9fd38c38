// expect: use-after-free
// cudaFreeAsync comes before the last kernel that uses the buffer in the same stream.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void fill(int *x) { x[threadIdx.x] = 3; }
__global__ void sum(const int *x, int *s) { atomicAdd(s, x[threadIdx.x]); }

int main() {
    cudaStream_t stream;
    cudaStreamCreate(&stream);
    int *x, *s, got = 0;
    cudaMalloc(&s, sizeof(int));
    cudaMemset(s, 0, sizeof(int));
    cudaMallocAsync(&x, 32 * sizeof(int), stream);
    fill<<<1, 32, 0, stream>>>(x);
    cudaFreeAsync(x, stream);
    sum<<<1, 32, 0, stream>>>(x, s);
    cudaStreamSynchronize(stream);
    cudaMemcpy(&got, s, sizeof got, cudaMemcpyDeviceToHost);
    printf("sum\n");
    cudaStreamDestroy(stream);
    return got != 96;
}
