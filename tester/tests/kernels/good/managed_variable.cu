// expect: pass
// A __managed__ variable is used by name on both sides, after a synchronisation.
#include <cuda_runtime.h>
#include <cstdio>

__managed__ int total = 5;

__global__ void add(const short *x) { atomicAdd(&total, (int)x[threadIdx.x]); }

int main() {
    short host[9], *x;
    for (int i = 0; i < 9; i++) host[i] = (short)i;
    cudaMalloc(&x, sizeof host);
    cudaMemcpy(x, host, sizeof host, cudaMemcpyHostToDevice);
    add<<<1, 9>>>(x);
    cudaDeviceSynchronize();
    printf("%d\n", total);
    return total != 41;
}
