// expect: uninitialised
// Two arrays share the dynamic shared memory; the second begins one element too late, so that its last element is never written but read.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void weighted(const int *x, const int *w, int n, int *out) {
    extern __shared__ int memory[];
    int *values = memory, *weights = memory + n;
    int i = threadIdx.x;
    values[i] = x[i];
    if (i > 0) weights[i] = w[i];
    __syncthreads();
    int k = (i + 1) % n;
    out[i] = values[k] * weights[k];
}

int main() {
    const int n = 12;
    int host[n], *x, *out;
    for (int &h : host) h = 0;
    cudaMalloc(&x, sizeof host);
    cudaMalloc(&out, sizeof host);
    cudaMemcpy(x, host, sizeof host, cudaMemcpyHostToDevice);
    weighted<<<1, n, 2 * n * sizeof(int)>>>(x, x, n, out);
    cudaMemcpy(host, out, sizeof host, cudaMemcpyDeviceToHost);
    for (int h : host)
        if (h) return 1;
    printf("zero\n");
    return 0;
}
