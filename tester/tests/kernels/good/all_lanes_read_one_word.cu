// expect: pass
// Many threads read the same word at the same time, also through __ldg; reads alone are no race.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void add_first(const float *x, float *y) {
    y[threadIdx.x + blockIdx.x * blockDim.x] = x[0] + __ldg(x + 1);
}

int main() {
    float host[2] = {1.25f, 2.5f}, got[60], *x, *y;
    cudaMalloc(&x, sizeof host);
    cudaMalloc(&y, sizeof got);
    cudaMemcpy(x, host, sizeof host, cudaMemcpyHostToDevice);
    add_first<<<3, 20>>>(x, y);
    cudaMemcpy(got, y, sizeof got, cudaMemcpyDeviceToHost);
    for (float g : got)
        if (g != 3.75f) return 1;
    printf("%g\n", got[0]);
    return 0;
}
