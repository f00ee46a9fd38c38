// expect: pass
// Each block counts into shared bins by atomics, between two barriers, and adds them to the global ones by atomics.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void histogram(const unsigned char *s, int n, unsigned *bins) {
    __shared__ unsigned mine[26];
    if (threadIdx.x < 26) mine[threadIdx.x] = 0;
    __syncthreads();
    for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += gridDim.x * blockDim.x)
        if (s[i] >= 'a' && s[i] <= 'z') atomicAdd(&mine[s[i] - 'a'], 1u);
    __syncthreads();
    if (threadIdx.x < 26 && mine[threadIdx.x]) atomicAdd(&bins[threadIdx.x], mine[threadIdx.x]);
}

int main() {
    const char text[] = "the quick brown fox jumps over the lazy dog and then sleeps in the sun";
    const int n = sizeof text - 1;
    unsigned want[26] = {}, got[26], *bins;
    unsigned char *s;
    for (int i = 0; i < n; i++)
        if (text[i] != ' ') want[text[i] - 'a']++;
    cudaMalloc(&s, n);
    cudaMalloc(&bins, sizeof got);
    cudaMemcpy(s, text, n, cudaMemcpyHostToDevice);
    cudaMemset(bins, 0, sizeof got);
    histogram<<<2, 32>>>(s, n, bins);
    cudaMemcpy(got, bins, sizeof got, cudaMemcpyDeviceToHost);
    for (int k = 0; k < 26; k++)
        if (got[k] != want[k]) return 1;
    printf("e %u\n", got[4]);
    return 0;
}
