// expect: host-pointer
// The kernel writes its result through the address of a local variable of main.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void maximum(const short *x, int n, short *best) {
    short m = x[0];
    for (int i = 1; i < n; i++) m = x[i] > m ? x[i] : m;
    *best = m;
}

int main() {
    short host[7] = {3, 1, 4, 1, 5, 9, 2}, *x, best = 0;
    cudaMalloc(&x, sizeof host);
    cudaMemcpy(x, host, sizeof host, cudaMemcpyHostToDevice);
    maximum<<<1, 1>>>(x, 7, &best);
    cudaDeviceSynchronize();
    printf("%d\n", best == 9);
    return 0;
}
