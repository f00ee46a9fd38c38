// expect: pass
// A struct with an array goes to the kernel by value; host changes after the launch do not reach it.
#include <cuda_runtime.h>
#include <cstdio>

struct Weights {
    double w[4];
    int n;
};

__global__ void apply(Weights weights, double *x) {
    double v = x[threadIdx.x], sum = 0;
    for (int k = weights.n - 1; k >= 0; k--) sum = sum * v + weights.w[k];
    x[threadIdx.x] = sum;
}

int main() {
    Weights p = {{1, -2, 0, 3}, 4};
    double host[6] = {0, 1, 2, 3, 4, 5}, *x;
    cudaMalloc(&x, sizeof host);
    cudaMemcpy(x, host, sizeof host, cudaMemcpyHostToDevice);
    apply<<<1, 6>>>(p, x);
    p.n = 0;
    cudaMemcpy(host, x, sizeof host, cudaMemcpyDeviceToHost);
    for (int i = 0; i < 6; i++)
        if (host[i] != 1 - 2 * i + 3 * i * i * i) return 1;
    printf("%g\n", host[5]);
    return 0;
}
