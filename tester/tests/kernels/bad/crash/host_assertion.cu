// expect: crash
// The program checks the kernel's result with an assertion, and the result is another one.
#include <assert.h>
#include <cuda_runtime.h>
#include <cstdio>

__global__ void sum_to(int n, int *out) { *out = n * (n - 1) / 2; }

int main() {
    int *out, got = 0;
    cudaMalloc(&out, sizeof got);
    sum_to<<<1, 1>>>(10, out);
    cudaMemcpy(&got, out, sizeof got, cudaMemcpyDeviceToHost);
    assert(got == 55);
    printf("%d\n", got);
    return 0;
}
