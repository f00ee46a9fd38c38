// expect: divergent-barrier
// The barrier stands in a loop that thread i runs i + 1 times, and one more barrier follows.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void steps(int *out) {
    __shared__ int s[8];
    int t = threadIdx.x;
    s[t] = 0;
    for (int k = 0; k <= t; k++) {
        s[t] += k;
        __syncthreads();
    }
    out[t] = s[t];
    __syncthreads();
}

int main() {
    int *out, host[8];
    cudaMalloc(&out, sizeof host);
    steps<<<1, 8>>>(out);
    cudaMemcpy(host, out, sizeof host, cudaMemcpyDeviceToHost);
    printf("%d\n", host[7]);
    return host[7] != 28;
}
