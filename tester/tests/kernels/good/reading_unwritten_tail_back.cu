// expect: pass
// The whole buffer is copied to the host, but the elements that no kernel wrote are not looked at there.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void prefix(long long *x, int n) {
    if (threadIdx.x < n) x[threadIdx.x] = 1LL << threadIdx.x;
}

int main() {
    long long host[64], *x;
    cudaMalloc(&x, sizeof host);
    prefix<<<1, 64>>>(x, 40);
    cudaMemcpy(host, x, sizeof host, cudaMemcpyDeviceToHost);
    for (int i = 0; i < 40; i++)
        if (host[i] != 1LL << i) return 1;
    printf("%lld\n", host[39]);
    cudaFree(x);
    return 0;
}
