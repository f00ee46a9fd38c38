// expect: pass
// Two device functions have a static shared array of the same name each; they are different arrays.
#include <cuda_runtime.h>
#include <cstdio>

__device__ int first_of_block(int v) {
    __shared__ int cell;
    if (threadIdx.x == 0) cell = v;
    __syncthreads();
    return cell;
}
__device__ int last_of_block(int v) {
    __shared__ int cell;
    if (threadIdx.x == blockDim.x - 1) cell = v;
    __syncthreads();
    return cell;
}
__global__ void span(const int *x, int *y) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    int a = first_of_block(x[i]), b = last_of_block(x[i]);
    y[i] = b - a;
}

int main() {
    int host[28], *x, *y;
    for (int i = 0; i < 28; i++) host[i] = i * i;
    cudaMalloc(&x, sizeof host);
    cudaMalloc(&y, sizeof host);
    cudaMemcpy(x, host, sizeof host, cudaMemcpyHostToDevice);
    span<<<4, 7>>>(x, y);
    int got[28];
    cudaMemcpy(got, y, sizeof got, cudaMemcpyDeviceToHost);
    for (int i = 0; i < 28; i++) {
        int b = i / 7 * 7;
        if (got[i] != host[b + 6] - host[b]) return 1;
    }
    printf("%d\n", got[27]);
    return 0;
}
