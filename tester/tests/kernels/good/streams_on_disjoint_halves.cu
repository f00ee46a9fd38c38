// expect: pass
// Two streams work on the two halves of one buffer at the same time; the halves do not overlap.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void fill(double *p, int n, double v) {
    for (int i = threadIdx.x; i < n; i += blockDim.x) p[i] = v + i;
}

int main() {
    const int n = 51, cut = 25;
    double host[n], *p;
    cudaStream_t s[2];
    cudaMalloc(&p, sizeof host);
    for (cudaStream_t &x : s) cudaStreamCreateWithFlags(&x, cudaStreamNonBlocking);
    fill<<<1, 16, 0, s[0]>>>(p, cut, 0.0);
    fill<<<1, 16, 0, s[1]>>>(p + cut, n - cut, cut);
    cudaDeviceSynchronize();
    cudaMemcpy(host, p, sizeof host, cudaMemcpyDeviceToHost);
    for (int i = 0; i < n; i++)
        if (host[i] != i) return 1;
    printf("%g\n", host[n - 1]);
    for (cudaStream_t x : s) cudaStreamDestroy(x);
    return 0;
}
