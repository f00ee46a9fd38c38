// expect: out-of-bounds
// The guard is <= where it must be <; the write lands in the padding behind the allocation.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void negate(float *v, int n) {
    int i = blockDim.x * blockIdx.x + threadIdx.x;
    if (i <= n) v[i] = -1.0f;
}

int main() {
    enum { N = 77 };
    float *v, host[N];
    cudaMalloc(&v, N * sizeof(float));
    negate<<<3, 32>>>(v, N);
    cudaMemcpy(host, v, sizeof host, cudaMemcpyDeviceToHost);
    int good = 1;
    for (int i = 0; i < N; i++) good &= host[i] == -1.0f;
    printf("good %d\n", good);
    cudaFree(v);
    return !good;
}
