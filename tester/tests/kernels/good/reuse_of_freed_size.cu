// expect: pass
// A buffer is freed and one of the same size allocated, perhaps at the same place, and written before it is read.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void set(int *x, int v) { x[threadIdx.x] = v; }
__global__ void add(const int *x, int *sum) { atomicAdd(sum, x[threadIdx.x]); }

int main() {
    int *x, *sum, got;
    cudaMalloc(&sum, sizeof(int));
    cudaMemset(sum, 0, sizeof(int));
    for (int k = 1; k <= 3; k++) {
        cudaMalloc(&x, 11 * sizeof(int));
        set<<<1, 11>>>(x, k);
        add<<<1, 11>>>(x, sum);
        cudaFree(x);
    }
    cudaMemcpy(&got, sum, sizeof got, cudaMemcpyDeviceToHost);
    printf("%d\n", got);
    cudaFree(sum);
    return got != 66;
}
