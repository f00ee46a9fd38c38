// expect: pass
// A barrier stands in a branch and in a loop, but their conditions depend on the block only.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void shift(int *x, int rounds) {
    __shared__ int s[20];
    int t = threadIdx.x, *mine = x + blockIdx.x * 20;
    if (blockIdx.x % 2 == 0) {
        for (int k = 0; k < rounds + (int)blockIdx.x; k++) {
            s[t] = mine[t];
            __syncthreads();
            mine[t] = s[(t + 1) % 20];
            __syncthreads();
        }
    }
}

int main() {
    int host[80], *x;
    for (int i = 0; i < 80; i++) host[i] = i % 20;
    cudaMalloc(&x, sizeof host);
    cudaMemcpy(x, host, sizeof host, cudaMemcpyHostToDevice);
    shift<<<4, 20>>>(x, 3);
    cudaMemcpy(host, x, sizeof host, cudaMemcpyDeviceToHost);
    for (int i = 0; i < 80; i++) {
        int b = i / 20, by = b % 2 ? 0 : 3 + b;
        if (host[i] != (i % 20 + by) % 20) return 1;
    }
    printf("%d %d\n", host[0], host[40]);
    return 0;
}
