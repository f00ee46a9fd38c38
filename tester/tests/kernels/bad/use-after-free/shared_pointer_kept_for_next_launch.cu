// expect: use-after-free or out-of-bounds or uninitialised
// A kernel leaves the address of its shared array in global memory, and the next launch reads through it.
#include <cuda_runtime.h>
#include <cstdio>

__device__ int *kept;

__global__ void make(const int *x) {
    __shared__ int s[32];
    s[threadIdx.x] = 2 * x[threadIdx.x];
    if (threadIdx.x == 0) kept = s;
}

__global__ void use(int *y) { y[threadIdx.x] = kept[threadIdx.x]; }

int main() {
    int x[32], *x_device, *y;
    for (int i = 0; i < 32; i++) x[i] = i;
    cudaMalloc(&x_device, sizeof x);
    cudaMalloc(&y, sizeof x);
    cudaMemcpy(x_device, x, sizeof x, cudaMemcpyHostToDevice);
    make<<<1, 32>>>(x_device);
    use<<<1, 32>>>(y);
    cudaMemcpy(x, y, sizeof x, cudaMemcpyDeviceToHost);
    printf("read\n");
    return 0;
}
