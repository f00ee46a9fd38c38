// expect: race
// The host reads managed memory while the kernel that writes it may still run.
#include <cuda_runtime.h>
#include <cstdio>
__global__ void set(int *x) { x[threadIdx.x] = threadIdx.x; }
int main() {
    int *x;
    cudaMallocManaged(&x, 64 * sizeof(int));
    for (int i = 0; i < 64; i++) x[i] = 0;
    set<<<1, 64>>>(x);
    int sum = x[0];
    cudaDeviceSynchronize();
    printf("%d\n", sum);
    return 0;
}
