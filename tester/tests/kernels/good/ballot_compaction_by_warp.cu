// expect: pass
// Each lane finds its place by counting the votes below it, and no place is taken twice.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void keep_positive(const int *x, int n, int *out, int *count) {
    int lane = threadIdx.x, v = lane < n ? x[lane] : -1;
    unsigned votes = __ballot_sync(0xffffffffu, v > 0);
    if (v > 0) out[__popc(votes & ((1u << lane) - 1))] = v;
    if (lane == 0) *count = __popc(votes);
}

int main() {
    int host[30], want[30], got[30], n = 0, count = 0, *x, *out, *c;
    for (int i = 0; i < 30; i++) {
        host[i] = i * 11 % 7 - 3;
        if (host[i] > 0) want[n++] = host[i];
    }
    cudaMalloc(&x, sizeof host);
    cudaMalloc(&out, sizeof got);
    cudaMalloc(&c, sizeof count);
    cudaMemcpy(x, host, sizeof host, cudaMemcpyHostToDevice);
    keep_positive<<<1, 32>>>(x, 30, out, c);
    cudaMemcpy(&count, c, sizeof count, cudaMemcpyDeviceToHost);
    cudaMemcpy(got, out, count * sizeof(int), cudaMemcpyDeviceToHost);
    if (count != n) return 1;
    for (int i = 0; i < n; i++)
        if (got[i] != want[i]) return 1;
    printf("%d\n", count);
    return 0;
}
