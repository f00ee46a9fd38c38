// expect: pass
// The second stream waits for an event that the first recorded behind its kernel.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void produce(int *p, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) p[i] = i ^ 5;
}
__global__ void consume(const int *p, int *q, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) q[i] = p[n - 1 - i] + 1;
}

int main() {
    const int n = 70;
    int *p, *q, host[n];
    cudaStream_t a, b;
    cudaEvent_t ready;
    cudaStreamCreateWithFlags(&a, cudaStreamNonBlocking);
    cudaStreamCreateWithFlags(&b, cudaStreamNonBlocking);
    cudaEventCreateWithFlags(&ready, cudaEventDisableTiming);
    cudaMalloc(&p, sizeof host);
    cudaMalloc(&q, sizeof host);
    produce<<<3, 32, 0, a>>>(p, n);
    cudaEventRecord(ready, a);
    cudaStreamWaitEvent(b, ready, 0);
    consume<<<3, 32, 0, b>>>(p, q, n);
    cudaStreamSynchronize(b);
    cudaMemcpy(host, q, sizeof host, cudaMemcpyDeviceToHost);
    for (int i = 0; i < n; i++)
        if (host[i] != ((n - 1 - i) ^ 5) + 1) return 1;
    printf("joined\n");
    cudaEventDestroy(ready);
    cudaStreamDestroy(a);
    cudaStreamDestroy(b);
    return 0;
}
