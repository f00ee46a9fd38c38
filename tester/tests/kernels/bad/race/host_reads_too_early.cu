// expect: race
// The host reads pinned memory that a copy is still to write.
#include <cuda_runtime.h>
#include <cstdio>
__global__ void fill(int *x, int n) { int i = blockIdx.x * 64 + threadIdx.x; if (i < n) x[i] = i; }
__global__ void twice(const int *x, int *y, int n) { int i = blockIdx.x * 64 + threadIdx.x; if (i < n) y[i] = 2 * x[i]; }
int main() {
    const int n = 1000;
    int *x, *y, *host;
    cudaMalloc(&x, n * sizeof(int));
    cudaMalloc(&y, n * sizeof(int));
    cudaMallocHost(&host, n * sizeof(int));
    cudaStream_t a, b;
    cudaStreamCreate(&a);
    cudaStreamCreateWithFlags(&b, cudaStreamNonBlocking);
    cudaEvent_t filled;
    cudaEventCreate(&filled);
    fill<<<16, 64, 0, a>>>(x, n);
    cudaEventRecord(filled, a);
    cudaStreamWaitEvent(b, filled, 0);
    twice<<<16, 64, 0, b>>>(x, y, n);
    cudaMemcpyAsync(host, y, n * sizeof(int), cudaMemcpyDeviceToHost, b);

    for (int i = 0; i < n; i++)
        if (host[i] != 2 * i) return 1;
    cudaFreeHost(host);
    printf("ok\n");
    return 0;
}
