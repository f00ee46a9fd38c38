// expect: misaligned
// A 64-bit counter lies behind a 32-bit one, at byte 4.
#include <cuda_runtime.h>
#include <cstdio>
#include <cstring>

__global__ void count(unsigned *counters) {
    atomicAdd(&counters[0], 1u);
    atomicAdd((unsigned long long *)(counters + 1), 3ull);
}

int main() {
    unsigned got[3], *counters;
    unsigned long long wide;
    cudaMalloc(&counters, sizeof got);
    cudaMemset(counters, 0, sizeof got);
    count<<<2, 32>>>(counters);
    cudaMemcpy(got, counters, sizeof got, cudaMemcpyDeviceToHost);
    memcpy(&wide, got + 1, sizeof wide);
    printf("%u %llu\n", got[0], wide);
    return got[0] != 64 || wide != 192;
}
