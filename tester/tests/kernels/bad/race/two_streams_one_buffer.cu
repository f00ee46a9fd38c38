// expect: race
// Two non-blocking streams write overlapping halves of one buffer and nothing orders them.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void set(short *p, int n, short value) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) p[i] = value;
}

int main() {
    const int n = 120;
    short *p, host[n];
    cudaStream_t left, right;
    cudaStreamCreateWithFlags(&left, cudaStreamNonBlocking);
    cudaStreamCreateWithFlags(&right, cudaStreamNonBlocking);
    cudaMalloc(&p, n * sizeof(short));
    set<<<2, 32, 0, left>>>(p, n / 2 + 1, 9);
    set<<<2, 32, 0, right>>>(p + n / 2, n / 2, 9);
    cudaStreamSynchronize(left);
    cudaStreamSynchronize(right);
    cudaMemcpy(host, p, sizeof host, cudaMemcpyDeviceToHost);
    for (short h : host)
        if (h != 9) return 1;
    printf("both\n");
    cudaFree(p);
    return 0;
}
