// expect: race
// Every thread moves one element across the diagonal of the matrix that it is read from.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void transpose(float *a, int n) {
    int i = blockIdx.y * blockDim.y + threadIdx.y, j = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n && j < n) a[i * n + j] = a[j * n + i];
}

int main() {
    const int n = 24;
    float a[n * n], *a_device;
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) a[i * n + j] = (float)(i + j);
    cudaMalloc(&a_device, sizeof a);
    cudaMemcpy(a_device, a, sizeof a, cudaMemcpyHostToDevice);
    transpose<<<dim3(2, 2), dim3(16, 16)>>>(a_device, n);
    cudaMemcpy(a, a_device, sizeof a, cudaMemcpyDeviceToHost);
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++)
            if (a[i * n + j] != (float)(i + j)) return 1;
    printf("ok\n");
    return 0;
}
