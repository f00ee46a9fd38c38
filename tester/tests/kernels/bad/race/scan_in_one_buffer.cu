// expect: race
// An inclusive scan by doubling distances reads and writes one array with a single barrier a step.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void scan(int *x) {
    __shared__ int s[128];
    int t = threadIdx.x;
    s[t] = x[t];
    __syncthreads();
    for (int d = 1; d < 128; d *= 2) {
        if (t >= d) s[t] += s[t - d];
        __syncthreads();
    }
    x[t] = s[t];
}

int main() {
    int x[128], *x_device;
    for (int i = 0; i < 128; i++) x[i] = 0;
    cudaMalloc(&x_device, sizeof x);
    cudaMemcpy(x_device, x, sizeof x, cudaMemcpyHostToDevice);
    scan<<<1, 128>>>(x_device);
    cudaMemcpy(x, x_device, sizeof x, cudaMemcpyDeviceToHost);
    for (int i = 0; i < 128; i++)
        if (x[i] != 0) return 1;
    printf("ok\n");
    return 0;
}
