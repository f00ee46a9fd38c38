// expect: out-of-bounds
// The kernel loads float4 values, but the number of floats is no multiple of four, so that the last load passes the end.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void sums(const float4 *v, int quads, float *out) {
    int i = threadIdx.x;
    if (i < quads) {
        float4 q = v[i];
        out[i] = i == quads - 1 ? q.x : q.x + q.y + q.z + q.w;
    }
}

int main() {
    const int n = 29, quads = (n + 3) / 4;
    float host[n], got[quads], *v, *out;
    for (float &h : host) h = 1;
    cudaMalloc(&v, sizeof host);
    cudaMalloc(&out, sizeof got);
    cudaMemcpy(v, host, sizeof host, cudaMemcpyHostToDevice);
    sums<<<1, 32>>>(reinterpret_cast<float4 *>(v), quads, out);
    cudaMemcpy(got, out, sizeof got, cudaMemcpyDeviceToHost);
    float sum = 0;
    for (float g : got) sum += g;
    printf("%g\n", sum);
    return sum != n;
}
