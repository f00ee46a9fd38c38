// expect: uninitialised
// Two sweeps swap their buffers, but the border was set in the first one only.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void sweep(const float *from, float *to, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i > 0 && i < n - 1) to[i] = 0.5f * (from[i - 1] + from[i + 1]);
}

int main() {
    const int n = 100;
    float x[n], *a, *b;
    for (int i = 0; i < n; i++) x[i] = 0;
    cudaMalloc(&a, sizeof x);
    cudaMalloc(&b, sizeof x);
    cudaMemcpy(a, x, sizeof x, cudaMemcpyHostToDevice);
    for (int t = 0; t < 2; t++) {
        sweep<<<2, 64>>>(a, b, n);
        float *swapped = a;
        a = b;
        b = swapped;
    }
    cudaMemcpy(x, a, sizeof x, cudaMemcpyDeviceToHost);
    printf("%g\n", x[50]);
    return 0;
}
