// expect: misaligned
// Rows of 33 floats are read four at a time, but only every fourth of them starts at a multiple of 16 bytes.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void row_sums(const float *a, int width, float *sums) {
    const float4 *row = reinterpret_cast<const float4 *>(a + blockIdx.x * width);
    float4 q = row[threadIdx.x];
    atomicAdd(&sums[blockIdx.x], q.x + q.y + q.z + q.w);
}

int main() {
    const int rows = 4, width = 33;
    float a[rows * width], got[rows], *a_device, *sums;
    for (float &x : a) x = 1;
    cudaMalloc(&a_device, sizeof a);
    cudaMalloc(&sums, sizeof got);
    cudaMemset(sums, 0, sizeof got);
    cudaMemcpy(a_device, a, sizeof a, cudaMemcpyHostToDevice);
    row_sums<<<rows, 8>>>(a_device, width, sums);
    cudaMemcpy(got, sums, sizeof got, cudaMemcpyDeviceToHost);
    for (float g : got)
        if (g != 32) return 1;
    printf("ok\n");
    return 0;
}
