// expect: pass
// __match_any_sync finds the lanes with the same key; the lowest of each group stores the size, so that each bin has one writer.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void sizes(const unsigned *key, int *bins) {
    unsigned k = key[threadIdx.x];
    unsigned same = __match_any_sync(0xffffffffu, k);
    if ((int)threadIdx.x == __ffs((int)same) - 1) bins[k] = __popc(same);
}

int main() {
    unsigned host[32], *key;
    int *bins, got[5];
    for (unsigned i = 0; i < 32; i++) host[i] = i * i % 5;
    cudaMalloc(&key, sizeof host);
    cudaMalloc(&bins, sizeof got);
    cudaMemset(bins, 0, sizeof got);
    cudaMemcpy(key, host, sizeof host, cudaMemcpyHostToDevice);
    sizes<<<1, 32>>>(key, bins);
    cudaMemcpy(got, bins, sizeof got, cudaMemcpyDeviceToHost);
    printf("%d %d %d\n", got[0], got[1], got[4]);
    return got[0] != 7 || got[1] != 13 || got[4] != 12 || got[2] || got[3];
}
