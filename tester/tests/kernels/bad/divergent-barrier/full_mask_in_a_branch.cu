// expect: divergent-barrier
// The shuffle names all 32 lanes, but the odd lanes take the other branch and never call it.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void neighbour(double *x) {
    int lane = threadIdx.x & 31;
    double v = x[lane];
    if (lane % 2 == 0) v += __shfl_down_sync(0xffffffffu, v, 2);
    else v = -v;
    __syncwarp();
    x[lane] = v;
}

int main() {
    double host[32], *x;
    for (int i = 0; i < 32; i++) host[i] = 1;
    cudaMalloc(&x, sizeof host);
    cudaMemcpy(x, host, sizeof host, cudaMemcpyHostToDevice);
    neighbour<<<1, 32>>>(x);
    cudaMemcpy(host, x, sizeof host, cudaMemcpyDeviceToHost);
    printf("%g %g\n", host[0], host[1]);
    return 0;
}
