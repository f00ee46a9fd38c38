// expect: timeout
// The host repeats the kernel until the value is exactly zero, but the iteration stops at one.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void step(int *x) { *x = (*x + 1) / 2; }

int main() {
    int *x, value = 37;
    cudaMalloc(&x, sizeof value);
    cudaMemcpy(x, &value, sizeof value, cudaMemcpyHostToDevice);
    while (value != 0) {
        step<<<1, 1>>>(x);
        cudaMemcpy(&value, x, sizeof value, cudaMemcpyDeviceToHost);
    }
    printf("%d\n", value);
    return 0;
}
