// expect: host-pointer
// cudaMemcpyToSymbol sets a device pointer to memory of the host.
#include <cuda_runtime.h>
#include <cstdio>
#include <cstdlib>

__device__ float *weights;

__global__ void weigh(float *x) { x[threadIdx.x] *= weights[threadIdx.x]; }

int main() {
    float got[16], *x, *host = (float *)malloc(16 * sizeof(float));
    for (int i = 0; i < 16; i++) got[i] = 2, host[i] = 3;
    cudaMalloc(&x, sizeof got);
    cudaMemcpy(x, got, sizeof got, cudaMemcpyHostToDevice);
    cudaMemcpyToSymbol(weights, &host, sizeof host);
    weigh<<<1, 16>>>(x);
    cudaMemcpy(got, x, sizeof got, cudaMemcpyDeviceToHost);
    for (float g : got)
        if (g != 6) return 1;
    printf("ok\n");
    return 0;
}
