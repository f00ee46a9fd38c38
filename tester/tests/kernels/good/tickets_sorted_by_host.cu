// expect: pass
// Blocks take places from a counter in any order, but the host sorts the places before it prints them.
#include <cuda_runtime.h>
#include <cstdio>
#include <cstdlib>

__global__ void primes(int n, int *out, int *count) {
    int k = blockIdx.x * blockDim.x + threadIdx.x;
    if (k < 2 || k >= n) return;
    for (int d = 2; d * d <= k; d++)
        if (k % d == 0) return;
    out[atomicAdd(count, 1)] = k;
}

static int by_value(const void *a, const void *b) { return *(const int *)a - *(const int *)b; }

int main() {
    int *out, *count, n, found[50];
    cudaMalloc(&out, sizeof found);
    cudaMalloc(&count, sizeof(int));
    cudaMemset(count, 0, sizeof(int));
    primes<<<4, 25>>>(100, out, count);
    cudaMemcpy(&n, count, sizeof n, cudaMemcpyDeviceToHost);
    if (n != 25) return 1;
    cudaMemcpy(found, out, n * sizeof(int), cudaMemcpyDeviceToHost);
    qsort(found, n, sizeof(int), by_value);
    printf("%d %d\n", found[0], found[n - 1]);
    return found[n - 1] != 97;
}
