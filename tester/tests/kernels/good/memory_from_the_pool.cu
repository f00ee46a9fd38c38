// expect: pass
// The buffer is allocated and freed in stream order; all its uses lie between in the same stream.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void fill(float *x, float v) { x[threadIdx.x] = v; }
__global__ void dot(const float *x, const float *y, float *out) {
    float v = x[threadIdx.x] * y[threadIdx.x];
    for (int d = 16; d > 0; d /= 2) v += __shfl_down_sync(0xffffffff, v, d);
    if (threadIdx.x == 0) *out = v;
}

int main() {
    cudaStream_t s;
    cudaStreamCreate(&s);
    float *x, *y, *out, got = 0;
    cudaMallocAsync((void **)&x, 32 * sizeof(float), s);
    cudaMallocAsync((void **)&y, 32 * sizeof(float), s);
    cudaMallocAsync((void **)&out, sizeof(float), s);
    fill<<<1, 32, 0, s>>>(x, 1.5f);
    fill<<<1, 32, 0, s>>>(y, 2.0f);
    dot<<<1, 32, 0, s>>>(x, y, out);
    cudaFreeAsync(x, s);
    cudaFreeAsync(y, s);
    cudaMemcpyAsync(&got, out, sizeof got, cudaMemcpyDeviceToHost, s);
    cudaFreeAsync(out, s);
    cudaStreamSynchronize(s);
    printf("%g\n", got);
    cudaStreamDestroy(s);
    return got != 96;
}
