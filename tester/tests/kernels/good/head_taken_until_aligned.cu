// expect: pass
// The range starts anywhere: single floats are taken up to the next multiple of 16 bytes, then four at a time.
#include <cuda_runtime.h>
#include <cstdint>
#include <cstdio>

__global__ void negate(float *x, int n) {
    int t = threadIdx.x, head = (int)((16 - (uintptr_t)x % 16) % 16 / sizeof(float));
    if (head > n) head = n;
    if (t < head) x[t] = -x[t];
    int quads = (n - head) / 4;
    for (int q = t; q < quads; q += blockDim.x) {
        float4 *v = reinterpret_cast<float4 *>(x + head) + q;
        float4 w = *v;
        *v = make_float4(-w.x, -w.y, -w.z, -w.w);
    }
    int tail = head + 4 * quads + t;
    if (tail < n) x[tail] = -x[tail];
}

int main() {
    const int n = 101;
    float host[n], *x;
    for (int i = 0; i < n; i++) host[i] = (float)i;
    cudaMalloc(&x, sizeof host);
    cudaMemcpy(x, host, sizeof host, cudaMemcpyHostToDevice);
    negate<<<1, 32>>>(x + 3, n - 5);
    cudaMemcpy(host, x, sizeof host, cudaMemcpyDeviceToHost);
    for (int i = 0; i < n; i++)
        if (host[i] != (i >= 3 && i < n - 2 ? -(float)i : (float)i)) return 1;
    printf("ok\n");
    return 0;
}
