// expect: deadlock
// A function that takes the lock calls another one that takes the same lock.
#include <cuda_runtime.h>
#include <cstdio>

struct Counter {
    int lock;
    int value;
};

__device__ void add(Counter *c, int k) {
    while (atomicCAS(&c->lock, 0, 1)) __nanosleep(20);
    __threadfence();
    c->value += k;
    __threadfence();
    atomicExch(&c->lock, 0);
}

__global__ void add_twice(Counter *c) {
    while (atomicCAS(&c->lock, 0, 1)) __nanosleep(20);
    add(c, 1);
    add(c, 2);
    atomicExch(&c->lock, 0);
}

int main() {
    Counter host = {0, 0}, *c;
    cudaMalloc(&c, sizeof host);
    cudaMemcpy(c, &host, sizeof host, cudaMemcpyHostToDevice);
    add_twice<<<1, 1>>>(c);
    cudaMemcpy(&host, c, sizeof host, cudaMemcpyDeviceToHost);
    printf("%d\n", host.value);
    return host.value != 3;
}
