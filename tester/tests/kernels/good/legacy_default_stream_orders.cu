// expect: pass
// A stream created without flags is ordered with the legacy default stream, so that no event is needed here.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void square(int *x) { x[threadIdx.x] *= x[threadIdx.x]; }
__global__ void negate(int *x) { x[threadIdx.x] = -x[threadIdx.x]; }

int main() {
    int host[14], *x;
    cudaStream_t s;
    cudaStreamCreate(&s);
    for (int i = 0; i < 14; i++) host[i] = i;
    cudaMalloc(&x, sizeof host);
    cudaMemcpy(x, host, sizeof host, cudaMemcpyHostToDevice);
    square<<<1, 14, 0, s>>>(x);
    negate<<<1, 14>>>(x);
    square<<<1, 14, 0, s>>>(x);
    cudaMemcpy(host, x, sizeof host, cudaMemcpyDeviceToHost);
    for (int i = 0; i < 14; i++)
        if (host[i] != i * i * i * i) return 1;
    printf("%d\n", host[13]);
    return 0;
}
