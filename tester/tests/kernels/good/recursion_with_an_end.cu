// expect: pass
// A device function calls itself, but not deeply.
#include <cuda_runtime.h>
#include <cstdio>

__device__ unsigned long long ackermann_like(unsigned n, unsigned long long v) {
    return n == 0 ? v : ackermann_like(n - 1, 2 * v) + (n & 1);
}

__global__ void run(unsigned long long *out) { out[threadIdx.x] = ackermann_like(threadIdx.x, 1); }

int main() {
    unsigned long long host[20], *out;
    cudaMalloc(&out, sizeof host);
    run<<<1, 20>>>(out);
    cudaMemcpy(host, out, sizeof host, cudaMemcpyDeviceToHost);
    for (unsigned i = 0; i < 20; i++)
        if (host[i] != (1ULL << i) + (i + 1) / 2) return 1;
    printf("%llu\n", host[19]);
    return 0;
}
