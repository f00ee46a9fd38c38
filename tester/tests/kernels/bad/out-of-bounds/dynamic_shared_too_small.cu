// expect: out-of-bounds
// The launch gives dynamic shared memory in elements where it must be in bytes.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void reverse(int *x) {
    extern __shared__ int s[];
    s[threadIdx.x] = x[threadIdx.x];
    __syncthreads();
    x[threadIdx.x] = s[blockDim.x - 1 - threadIdx.x];
}

int main() {
    int host[96], *x;
    for (int i = 0; i < 96; i++) host[i] = -i;
    cudaMalloc(&x, sizeof host);
    cudaMemcpy(x, host, sizeof host, cudaMemcpyHostToDevice);
    reverse<<<1, 96, 96>>>(x);
    cudaMemcpy(host, x, sizeof host, cudaMemcpyDeviceToHost);
    for (int i = 0; i < 96; i++)
        if (host[i] != i - 95) return 1;
    printf("%d\n", host[0]);
    return 0;
}
