// expect: pass
// The kernel loads float4 values up to the last full one and takes the remaining floats one by one.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void scale(float *x, int n, float f) {
    int t = blockIdx.x * blockDim.x + threadIdx.x;
    float4 *v = reinterpret_cast<float4 *>(x);
    if (t < n / 4) {
        float4 q = v[t];
        q.x *= f, q.y *= f, q.z *= f, q.w *= f;
        v[t] = q;
    }
    int tail = n / 4 * 4 + t;
    if (tail < n) x[tail] *= f;
}

int main() {
    const int n = 103;
    float host[n], *x;
    for (int i = 0; i < n; i++) host[i] = (float)i;
    cudaMalloc(&x, sizeof host);
    cudaMemcpy(x, host, sizeof host, cudaMemcpyHostToDevice);
    scale<<<2, 16>>>(x, n, 0.5f);
    cudaMemcpy(host, x, sizeof host, cudaMemcpyDeviceToHost);
    for (int i = 0; i < n; i++)
        if (host[i] != 0.5f * i) return 1;
    printf("%g\n", host[n - 1]);
    return 0;
}
