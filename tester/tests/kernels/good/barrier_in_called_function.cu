// expect: pass
// The barrier stands in a device function that is called in a loop whose trip count is the same in all threads.
#include <cuda_runtime.h>
#include <cstdio>

__device__ int rotate(int *s, int v) {
    s[threadIdx.x] = v;
    __syncthreads();
    int r = s[(threadIdx.x + 1) % blockDim.x];
    __syncthreads();
    return r;
}

__global__ void spin(const int *times, int *x) {
    __shared__ int s[26];
    int v = x[threadIdx.x];
    for (int k = 0; k < *times; k++) v = rotate(s, v);
    x[threadIdx.x] = v;
}

int main() {
    int host[26], n = 9, *x, *times;
    for (int i = 0; i < 26; i++) host[i] = 'a' + i;
    cudaMalloc(&x, sizeof host);
    cudaMalloc(&times, sizeof n);
    cudaMemcpy(x, host, sizeof host, cudaMemcpyHostToDevice);
    cudaMemcpy(times, &n, sizeof n, cudaMemcpyHostToDevice);
    spin<<<1, 26>>>(times, x);
    cudaMemcpy(host, x, sizeof host, cudaMemcpyDeviceToHost);
    for (int i = 0; i < 26; i++)
        if (host[i] != 'a' + (i + 9) % 26) return 1;
    printf("%c\n", host[0]);
    return 0;
}
