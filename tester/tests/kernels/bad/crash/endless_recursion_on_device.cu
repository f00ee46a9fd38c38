// expect: crash
// The recursion has no end, because its argument grows; the stack of the thread runs out.
#include <cuda_runtime.h>
#include <cstdio>

__device__ __noinline__ int depth(volatile int *node, int k) {
    volatile int frame[16];
    frame[k & 15] = node[0];
    if (k < 0) return 0;
    return 1 + depth(node, k + (frame[k & 15] != 7)) + frame[k & 15];
}

__global__ void measure(int *node, int *out) { *out = depth(node, 1); }

int main() {
    int *node, *out;
    cudaMalloc(&node, sizeof(int));
    cudaMalloc(&out, sizeof(int));
    cudaMemset(node, 0, sizeof(int));
    measure<<<1, 1>>>(node, out);
    cudaDeviceSynchronize();
    printf("measured\n");
    return 0;
}
