// expect: nondeterministic
// Floats of very different size are added atomically, and the sum depends on the order because of rounding.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void add(const float *x, float *sum) { atomicAdd(sum, x[blockIdx.x]); }

int main() {
    const int n = 33;
    float host[n], *x, *sum, got;
    for (int i = 0; i < n; i++) host[i] = i == 0 ? 16777216.0f : 1.0f;
    cudaMalloc(&x, sizeof host);
    cudaMalloc(&sum, sizeof got);
    cudaMemset(sum, 0, sizeof got);
    cudaMemcpy(x, host, sizeof host, cudaMemcpyHostToDevice);
    add<<<n, 1>>>(x, sum);
    cudaMemcpy(&got, sum, sizeof got, cudaMemcpyDeviceToHost);
    printf("%.0f\n", got);
    return 0;
}
