// expect: deadlock
// Whoever finds nothing to do returns without giving the lock back; the next one waits for ever.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void take(int *mutex, int *items, int *taken) {
    while (atomicExch(mutex, 1)) {}
    __threadfence();
    if (*items == 0) return;
    *items -= 1;
    taken[blockIdx.x] = 1;
    __threadfence();
    atomicExch(mutex, 0);
}

int main() {
    int *mutex, *items, *taken, stock = 2, host[4] = {};
    cudaMalloc(&mutex, sizeof(int));
    cudaMalloc(&items, sizeof(int));
    cudaMalloc(&taken, sizeof host);
    cudaMemset(mutex, 0, sizeof(int));
    cudaMemcpy(items, &stock, sizeof stock, cudaMemcpyHostToDevice);
    cudaMemcpy(taken, host, sizeof host, cudaMemcpyHostToDevice);
    take<<<4, 1>>>(mutex, items, taken);
    cudaMemcpy(host, taken, sizeof host, cudaMemcpyDeviceToHost);
    printf("%d\n", host[0] + host[1] + host[2] + host[3]);
    return 0;
}
