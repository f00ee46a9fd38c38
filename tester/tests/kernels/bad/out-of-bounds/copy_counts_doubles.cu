// expect: out-of-bounds
// The allocation is for floats, but the copy back takes the bytes of as many doubles.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void half(float *x) { x[threadIdx.x] = 0.5f; }

int main() {
    const int n = 25;
    float *x;
    double room[n];
    cudaMalloc(&x, n * sizeof(float));
    half<<<1, n>>>(x);
    cudaMemcpy(room, x, n * sizeof(double), cudaMemcpyDeviceToHost);
    const float *first = (const float *)room;
    printf("%.1f\n", first[n - 1]);
    cudaFree(x);
    return first[n - 1] != 0.5f;
}
