// expect: divergent-barrier
// The barrier is the right operand of &&, so that threads for which the left one is false go past it to the next barrier.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void converged(const double *x, const double *y, int n, int *flag) {
    int t = threadIdx.x;
    bool moved = t < n && __syncthreads_or(x[t] != y[t]);
    __syncthreads();
    if (t == 0) *flag = !moved;
}

int main() {
    double host[21] = {}, *x, *y;
    int *flag, got = 0;
    cudaMalloc(&x, sizeof host);
    cudaMalloc(&y, sizeof host);
    cudaMalloc(&flag, sizeof got);
    cudaMemcpy(x, host, sizeof host, cudaMemcpyHostToDevice);
    cudaMemcpy(y, host, sizeof host, cudaMemcpyHostToDevice);
    converged<<<1, 32>>>(x, y, 21, flag);
    cudaMemcpy(&got, flag, sizeof got, cudaMemcpyDeviceToHost);
    printf("%d\n", got);
    return got != 1;
}
