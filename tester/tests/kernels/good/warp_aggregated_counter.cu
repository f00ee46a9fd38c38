// expect: pass
// The active lanes find each other, one of them adds for all, and a shuffle under the mask of the active ones spreads the base.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void filter(const int *x, int n, int *out, int *count) {
    int i = blockIdx.x * blockDim.x + threadIdx.x, lane = threadIdx.x % 32;
    bool keep = i < n && x[i] % 4 == 1;
    unsigned takers = __ballot_sync(0xffffffffu, keep);
    if (keep) {
        int leader = __ffs(takers) - 1, base = 0;
        if (lane == leader) base = atomicAdd(count, __popc(takers));
        base = __shfl_sync(takers, base, leader);
        out[base + __popc(takers << (31 - lane)) - 1] = x[i];
    }
}

int main() {
    int host[90], *x, *out, *count, n, got[40], sum = 0;
    for (int i = 0; i < 90; i++) host[i] = i;
    cudaMalloc(&x, sizeof host);
    cudaMalloc(&out, sizeof got);
    cudaMalloc(&count, sizeof n);
    cudaMemset(count, 0, sizeof n);
    cudaMemcpy(x, host, sizeof host, cudaMemcpyHostToDevice);
    filter<<<3, 32>>>(x, 90, out, count);
    cudaMemcpy(&n, count, sizeof n, cudaMemcpyDeviceToHost);
    if (n != 23) return 1;
    cudaMemcpy(got, out, n * sizeof(int), cudaMemcpyDeviceToHost);
    for (int i = 0; i < n; i++) sum += got[i];
    printf("%d %d\n", n, sum);
    return sum != 1035;
}
