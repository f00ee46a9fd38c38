// expect: pass
// float3 is aligned like a float, so that triples may start behind a header of four bytes.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void lengths(const float *file, int n, float *squares) {
    const float3 *points = reinterpret_cast<const float3 *>(file + 1);
    int i = threadIdx.x;
    if (i < n) {
        float3 p = points[i];
        squares[i] = p.x * p.x + p.y * p.y + p.z * p.z;
    }
}

int main() {
    const int n = 20;
    float file[1 + 3 * n], got[n], *file_device, *squares;
    file[0] = n;
    for (int i = 0; i < 3 * n; i++) file[1 + i] = (float)(i / 3);
    cudaMalloc(&file_device, sizeof file);
    cudaMalloc(&squares, sizeof got);
    cudaMemcpy(file_device, file, sizeof file, cudaMemcpyHostToDevice);
    lengths<<<1, 32>>>(file_device, n, squares);
    cudaMemcpy(got, squares, sizeof got, cudaMemcpyDeviceToHost);
    for (int i = 0; i < n; i++)
        if (got[i] != 3.0f * (float)(i * i)) return 1;
    printf("ok\n");
    return 0;
}
