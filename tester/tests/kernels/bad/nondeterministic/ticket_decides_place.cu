// expect: nondeterministic
// Each block takes the next free place from a counter, and the places are printed unsorted.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void compact(const int *x, int *out, unsigned *next) {
    int v = x[blockIdx.x];
    if (v % 3 != 0) out[atomicAdd(next, 1u)] = v;
}

int main() {
    int host[12], out[12] = {}, *x, *o;
    unsigned *next;
    for (int i = 0; i < 12; i++) host[i] = i;
    cudaMalloc(&x, sizeof host);
    cudaMalloc(&o, sizeof out);
    cudaMalloc(&next, sizeof(unsigned));
    cudaMemset(next, 0, sizeof(unsigned));
    cudaMemcpy(x, host, sizeof host, cudaMemcpyHostToDevice);
    compact<<<12, 1>>>(x, o, next);
    cudaMemcpy(out, o, 8 * sizeof(int), cudaMemcpyDeviceToHost);
    for (int i = 0; i < 8; i++) printf("%d ", out[i]);
    printf("\n");
    return 0;
}
