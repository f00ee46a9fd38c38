// expect: pass
// The next tile is fetched into a register while this one is used; the barriers on both sides of the store keep the single shared tile safe.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void dot(const float *a, const float *b, int n, float *out) {
    __shared__ float tile[16];
    int t = threadIdx.x;
    float next = a[t] * b[t], sum = 0;
    for (int base = 0; base < n; base += 16) {
        tile[t] = next;
        __syncthreads();
        if (base + 16 < n) next = a[base + 16 + t] * b[base + 16 + t];
        if (t < 4) sum += tile[t] + tile[t + 4] + tile[t + 8] + tile[t + 12];
        __syncthreads();
    }
    if (t < 4) atomicAdd(out, sum);
}

int main() {
    const int n = 64;
    float a[n], *x, *out, got;
    for (int i = 0; i < n; i++) a[i] = (float)(i % 6);
    cudaMalloc(&x, sizeof a);
    cudaMalloc(&out, sizeof got);
    cudaMemset(out, 0, sizeof got);
    cudaMemcpy(x, a, sizeof a, cudaMemcpyHostToDevice);
    dot<<<1, 16>>>(x, x, n, out);
    cudaMemcpy(&got, out, sizeof got, cudaMemcpyDeviceToHost);
    float want = 0;
    for (float v : a) want += v * v;
    printf("%g\n", got);
    return got != want;
}
