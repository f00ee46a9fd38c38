// expect: use-after-free or cuda-error
// Two pointers name one buffer, and both are freed.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void touch(char *p) { *p = 1; }

int main() {
    char *p, *alias, value = 0;
    cudaMalloc(&p, 64);
    alias = p;
    touch<<<1, 1>>>(alias);
    cudaMemcpy(&value, p, 1, cudaMemcpyDeviceToHost);
    cudaFree(p);
    cudaFree(alias);
    printf("%d\n", value);
    return value != 1;
}
