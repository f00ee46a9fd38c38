// expect: pass
// One shared array serves two purposes, one after the other, with a barrier between the last read and the next write.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void both(const int *x, int *sum, int *largest) {
    __shared__ int s[16];
    int t = threadIdx.x;
    s[t] = x[t];
    __syncthreads();
    int next = s[(t + 1) & 15];
    __syncthreads();
    s[t] = next + x[t];
    __syncthreads();
    if (t == 3) {
        int total = 0;
        for (int v : s) total += v;
        *sum = total;
    }
    if (t == 12) {
        int best = s[0];
        for (int v : s) best = v > best ? v : best;
        *largest = best;
    }
}

int main() {
    int host[16], *x, *out, got[2];
    for (int i = 0; i < 16; i++) host[i] = 2 * i;
    cudaMalloc(&x, sizeof host);
    cudaMalloc(&out, sizeof got);
    cudaMemcpy(x, host, sizeof host, cudaMemcpyHostToDevice);
    both<<<1, 16>>>(x, out, out + 1);
    cudaMemcpy(got, out, sizeof got, cudaMemcpyDeviceToHost);
    printf("%d %d\n", got[0], got[1]);
    return got[0] != 480 || got[1] != 58;
}
