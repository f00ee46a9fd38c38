// expect: deadlock
// The first kernel of a stream waits for a value that only the second kernel of the same stream would write.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void consume(int *mailbox, int *got) {
    int v;
    while ((v = atomicExch(mailbox, 0)) == 0) {}
    *got = v;
}
__global__ void produce(int *mailbox) { atomicExch(mailbox, 6); }

int main() {
    int *mailbox, *got, host = 0;
    cudaStream_t s;
    cudaStreamCreate(&s);
    cudaMalloc(&mailbox, sizeof(int));
    cudaMalloc(&got, sizeof(int));
    cudaMemset(mailbox, 0, sizeof(int));
    consume<<<1, 1, 0, s>>>(mailbox, got);
    produce<<<1, 1, 0, s>>>(mailbox);
    cudaMemcpyAsync(&host, got, sizeof host, cudaMemcpyDeviceToHost, s);
    cudaStreamSynchronize(s);
    printf("%d\n", host);
    return host != 6;
}
