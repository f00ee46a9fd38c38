// expect: pass
// A pointer one past the end is formed and compared, but never read through.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void sum(const int *first, const int *last, int *out) {
    int s = 0;
    for (const int *p = first + threadIdx.x; p < last; p += blockDim.x) s += *p;
    atomicAdd(out, s);
}

int main() {
    int host[37], *x, *out, got;
    for (int i = 0; i < 37; i++) host[i] = i;
    cudaMalloc(&x, sizeof host);
    cudaMalloc(&out, sizeof got);
    cudaMemset(out, 0, sizeof got);
    cudaMemcpy(x, host, sizeof host, cudaMemcpyHostToDevice);
    sum<<<1, 8>>>(x, x + 37, out);
    cudaMemcpy(&got, out, sizeof got, cudaMemcpyDeviceToHost);
    printf("%d\n", got);
    return got != 666;
}
