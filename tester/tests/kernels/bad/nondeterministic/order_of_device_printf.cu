// expect: nondeterministic
// Each block prints a line, and the order of the lines is that in which the blocks happen to run.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void hello(const double *x) { printf("block %d: %.1f\n", (int)blockIdx.x, x[blockIdx.x]); }

int main() {
    double host[6] = {0.5, 1.5, 2.5, 3.5, 4.5, 5.5}, *x;
    cudaMalloc(&x, sizeof host);
    cudaMemcpy(x, host, sizeof host, cudaMemcpyHostToDevice);
    hello<<<6, 1>>>(x);
    cudaDeviceSynchronize();
    return 0;
}
