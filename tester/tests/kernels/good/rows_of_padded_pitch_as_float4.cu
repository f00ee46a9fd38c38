// expect: pass
// Rows of 33 floats lie at a pitch that cudaMallocPitch chose, so that each starts where a float4 may.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void row_sums(const char *a, size_t pitch, float *sums) {
    const float4 *row = reinterpret_cast<const float4 *>(a + blockIdx.x * pitch);
    float4 q = row[threadIdx.x];
    atomicAdd(&sums[blockIdx.x], q.x + q.y + q.z + q.w);
}

int main() {
    const int rows = 4, width = 33;
    float a[rows * width], got[rows], *sums;
    char *a_device;
    size_t pitch;
    for (float &x : a) x = 1;
    cudaMallocPitch(&a_device, &pitch, width * sizeof(float), rows);
    cudaMalloc(&sums, sizeof got);
    cudaMemset(sums, 0, sizeof got);
    cudaMemcpy2D(a_device, pitch, a, width * sizeof(float), width * sizeof(float), rows, cudaMemcpyHostToDevice);
    row_sums<<<rows, 8>>>(a_device, pitch, sums);
    cudaMemcpy(got, sums, sizeof got, cudaMemcpyDeviceToHost);
    for (float g : got)
        if (g != 32) return 1;
    printf("ok\n");
    return 0;
}
