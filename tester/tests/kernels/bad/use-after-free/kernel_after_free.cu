// expect: use-after-free
// The buffer is freed between two launches that both use it.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void add(int *x, int k) { x[threadIdx.x] += k; }

int main() {
    int *x;
    cudaMalloc(&x, 20 * sizeof(int));
    cudaMemset(x, 0, 20 * sizeof(int));
    add<<<1, 20>>>(x, 1);
    cudaFree(x);
    add<<<1, 20>>>(x, 2);
    cudaDeviceSynchronize();
    printf("twice\n");
    return 0;
}
