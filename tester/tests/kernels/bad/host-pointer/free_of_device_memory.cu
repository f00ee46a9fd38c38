// expect: host-pointer or crash
// Device memory is given back with the host's free.
#include <cuda_runtime.h>
#include <cstdio>
#include <cstdlib>

__global__ void fill(int *x) { x[threadIdx.x] = threadIdx.x; }

int main() {
    int *x, got[8];
    cudaMalloc(&x, sizeof got);
    fill<<<1, 8>>>(x);
    cudaMemcpy(got, x, sizeof got, cudaMemcpyDeviceToHost);
    free(x);
    printf("%d\n", got[7]);
    return 0;
}
