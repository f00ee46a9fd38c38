// expect: pass
// Each thread reads its right neighbour's element of another array.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void shift(const int *x, int *y, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n - 1) y[i] = x[i + 1];
}

int main() {
    const int n = 100;
    int host[n], *from, *to;
    for (int i = 0; i < n; i++) host[i] = i * i;
    cudaMalloc(&from, sizeof host);
    cudaMalloc(&to, sizeof host);
    cudaMemcpy(from, host, sizeof host, cudaMemcpyHostToDevice);
    shift<<<2, 64>>>(from, to, n);
    cudaMemcpy(host, to, (n - 1) * sizeof(int), cudaMemcpyDeviceToHost);
    cudaFree(from);
    cudaFree(to);
    for (int i = 0; i < n - 1; i++)
        if (host[i] != (i + 1) * (i + 1)) return 1;
    printf("ok\n");
    return 0;
}
