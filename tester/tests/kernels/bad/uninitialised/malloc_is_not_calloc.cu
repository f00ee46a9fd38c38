// expect: uninitialised
// The accumulators are added to without ever having been set to zero.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void accumulate(const float *x, float *sum) { sum[threadIdx.x] += x[threadIdx.x]; }

int main() {
    float host[10] = {1, 2, 3}, *x, *sum;
    cudaMalloc(&x, sizeof host);
    cudaMalloc(&sum, sizeof host);
    cudaMemcpy(x, host, sizeof host, cudaMemcpyHostToDevice);
    accumulate<<<1, 10>>>(x, sum);
    cudaDeviceSynchronize();
    printf("added\n");
    return 0;
}
