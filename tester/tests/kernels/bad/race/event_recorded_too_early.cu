// expect: race
// The consumer's stream waits for an event that was recorded before the producer was launched.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void produce(int *p) { p[threadIdx.x] = 5; }
__global__ void consume(const int *p, int *q) { q[threadIdx.x] = p[threadIdx.x] + 1; }

int main() {
    int *p, *q, host[16];
    cudaMalloc(&p, sizeof host);
    cudaMalloc(&q, sizeof host);
    cudaMemset(p, 0, sizeof host);
    cudaDeviceSynchronize();
    cudaStream_t first, second;
    cudaEvent_t ready;
    cudaStreamCreateWithFlags(&first, cudaStreamNonBlocking);
    cudaStreamCreateWithFlags(&second, cudaStreamNonBlocking);
    cudaEventCreate(&ready);
    cudaEventRecord(ready, first);
    produce<<<1, 16, 0, first>>>(p);
    cudaStreamWaitEvent(second, ready, 0);
    consume<<<1, 16, 0, second>>>(p, q);
    cudaDeviceSynchronize();
    cudaMemcpy(host, q, sizeof host, cudaMemcpyDeviceToHost);
    for (int h : host)
        if (h != 6) return 1;
    printf("in time\n");
    return 0;
}
