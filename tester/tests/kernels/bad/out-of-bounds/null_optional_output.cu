// expect: out-of-bounds
// The kernel writes its optional second output without asking whether the pointer is null.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void minimum(const int *x, int n, int *value, int *position) {
    int best = 0;
    for (int i = 1; i < n; i++)
        if (x[i] < x[best]) best = i;
    *value = x[best];
    *position = best;
}

int main() {
    int host[] = {4, -2, 8, 0, -2}, *x, *value, got;
    cudaMalloc(&x, sizeof host);
    cudaMalloc(&value, sizeof(int));
    cudaMemcpy(x, host, sizeof host, cudaMemcpyHostToDevice);
    minimum<<<1, 1>>>(x, 5, value, nullptr);
    cudaMemcpy(&got, value, sizeof got, cudaMemcpyDeviceToHost);
    printf("%d\n", got);
    return got != -2;
}
