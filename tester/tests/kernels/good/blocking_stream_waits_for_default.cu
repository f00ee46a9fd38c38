// expect: pass
// Streams that block with the default stream need no event: work in it stands before and after theirs.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void add(int *x, int by) { x[threadIdx.x] += by; }
__global__ void twice(int *x) { x[threadIdx.x] *= 2; }

int main() {
    int host[64], *x;
    cudaStream_t a, b;
    cudaStreamCreate(&a);
    cudaStreamCreate(&b);
    cudaMalloc(&x, sizeof host);
    cudaMemset(x, 0, sizeof host);
    add<<<1, 64, 0, a>>>(x, 1);
    twice<<<1, 64>>>(x);
    add<<<1, 64, 0, b>>>(x, 3);
    twice<<<1, 64>>>(x);
    add<<<1, 64, 0, a>>>(x, 5);
    cudaMemcpy(host, x, sizeof host, cudaMemcpyDeviceToHost);
    for (int i = 0; i < 64; i++)
        if (host[i] != 15) return 1;
    cudaStreamDestroy(a);
    cudaStreamDestroy(b);
    printf("ok\n");
    return 0;
}
