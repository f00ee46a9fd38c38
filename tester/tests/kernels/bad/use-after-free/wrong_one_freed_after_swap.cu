// expect: use-after-free
// After the buffers were exchanged, the host frees the one that holds the result and goes on with it.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void halve(const float *from, float *to) { to[threadIdx.x] = from[threadIdx.x] / 2; }

int main() {
    float host[10], *now, *next;
    for (int i = 0; i < 10; i++) host[i] = 8.0f * i;
    cudaMalloc(&now, sizeof host);
    cudaMalloc(&next, sizeof host);
    cudaMemcpy(now, host, sizeof host, cudaMemcpyHostToDevice);
    halve<<<1, 10>>>(now, next);
    float *spare = next;
    next = now;
    now = spare;
    cudaFree(spare);
    halve<<<1, 10>>>(now, next);
    cudaMemcpy(host, next, sizeof host, cudaMemcpyDeviceToHost);
    cudaFree(next);
    printf("%d\n", host[9] == 18.0f);
    return 0;
}
