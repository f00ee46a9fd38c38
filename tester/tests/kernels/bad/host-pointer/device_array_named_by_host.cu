// expect: host-pointer
// The host passes the name of a device array to a kernel, which is the address of its shadow on the host.
#include <cuda_runtime.h>
#include <cstdio>

__device__ int table[32];

__global__ void fill(int *x) { x[threadIdx.x] = threadIdx.x; }

int main() {
    fill<<<1, 32>>>(table);
    int got[32];
    cudaMemcpyFromSymbol(got, table, sizeof got);
    for (int i = 0; i < 32; i++)
        if (got[i] != i) return 1;
    printf("ok\n");
    return 0;
}
