// expect: pass
// Constant memory is written twice by the host, each time between launches of the same stream.
#include <cuda_runtime.h>
#include <cstdio>

__constant__ float c[3];

__global__ void filter(const float *x, float *y, int n) {
    int i = threadIdx.x;
    if (i + 2 < n) y[i] = c[0] * x[i] + c[1] * x[i + 1] + c[2] * x[i + 2];
}

int main() {
    const float first[3] = {1, 2, 1}, second[3] = {-1, 0, 1};
    float host[20], y1[18], y2[18], *x, *y;
    for (int i = 0; i < 20; i++) host[i] = (float)(3 * i);
    cudaMalloc(&x, sizeof host);
    cudaMalloc(&y, sizeof y1);
    cudaMemcpy(x, host, sizeof host, cudaMemcpyHostToDevice);
    cudaMemcpyToSymbol(c, first, sizeof first);
    filter<<<1, 32>>>(x, y, 20);
    cudaMemcpy(y1, y, sizeof y1, cudaMemcpyDeviceToHost);
    cudaMemcpyToSymbol(c, second, sizeof second);
    filter<<<1, 32>>>(x, y, 20);
    cudaMemcpy(y2, y, sizeof y2, cudaMemcpyDeviceToHost);
    for (int i = 0; i < 18; i++)
        if (y1[i] != 12 * (i + 1) || y2[i] != 6) return 1;
    printf("%g %g\n", y1[17], y2[17]);
    return 0;
}
