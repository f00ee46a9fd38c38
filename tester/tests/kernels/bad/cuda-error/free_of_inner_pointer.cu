// expect: cuda-error
// cudaFree gets a pointer that was moved along the buffer instead of its beginning.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void put(int *x, int v) { *x = v; }

int main() {
    int *x;
    cudaMalloc(&x, 4 * sizeof(int));
    for (int k = 0; k < 3; k++) put<<<1, 1>>>(x++, k);
    cudaDeviceSynchronize();
    cudaFree(x);
    printf("put\n");
    return 0;
}
