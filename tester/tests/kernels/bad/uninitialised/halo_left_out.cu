// expect: uninitialised
// The tile's body is loaded, its two halo cells are not, and the stencil reads them.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void blur(const float *x, float *y) {
    __shared__ float tile[34];
    int t = threadIdx.x;
    tile[t + 1] = x[t];
    __syncthreads();
    float v = tile[t] + tile[t + 1] + tile[t + 2];
    y[t] = t == 0 || t == 31 ? 0.0f : v / 3;
}

int main() {
    float host[32], *x, *y;
    for (int i = 0; i < 32; i++) host[i] = 6;
    cudaMalloc(&x, sizeof host);
    cudaMalloc(&y, sizeof host);
    cudaMemcpy(x, host, sizeof host, cudaMemcpyHostToDevice);
    blur<<<1, 32>>>(x, y);
    cudaMemcpy(host, y, sizeof host, cudaMemcpyDeviceToHost);
    printf("%g\n", host[16]);
    return host[16] != 6;
}
