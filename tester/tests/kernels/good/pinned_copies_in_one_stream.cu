// expect: pass
// Asynchronous copies and a kernel in one stream; the host touches the pinned memory again only after it waited.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void increment(unsigned char *x, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) x[i]++;
}

int main() {
    const int n = 130;
    unsigned char *pinned, *x;
    cudaStream_t s;
    cudaStreamCreate(&s);
    cudaMallocHost((void **)&pinned, n);
    cudaMalloc((void **)&x, n);
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < n; i++) pinned[i] = (unsigned char)(i + round);
        cudaMemcpyAsync(x, pinned, n, cudaMemcpyHostToDevice, s);
        increment<<<3, 64, 0, s>>>(x, n);
        cudaMemcpyAsync(pinned, x, n, cudaMemcpyDeviceToHost, s);
        cudaStreamSynchronize(s);
        for (int i = 0; i < n; i++)
            if (pinned[i] != i + round + 1) return 1;
    }
    printf("%d\n", pinned[n - 1]);
    cudaFreeHost(pinned);
    cudaFree(x);
    cudaStreamDestroy(s);
    return 0;
}
