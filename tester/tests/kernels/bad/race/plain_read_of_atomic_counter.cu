// expect: race
// One thread reads with a plain load the counter that others still increase atomically; only accesses that are both atomic are exempt.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void count(const unsigned char *text, int n, unsigned *spaces, unsigned *seen) {
    int i = threadIdx.x;
    if (i < n) {
        if (text[i] == ' ') atomicAdd(spaces, 1u);
    } else if (i == n) {
        *seen = *spaces > 0 ? 1u : 1u + (*spaces == 0);
    }
}

int main() {
    const char text[] = "many words in a row";
    const int n = sizeof text - 1;
    unsigned char *t;
    unsigned *counters, host[2] = {0, 0};
    cudaMalloc(&t, n);
    cudaMalloc(&counters, 2 * sizeof(unsigned));
    cudaMemcpy(t, text, n, cudaMemcpyHostToDevice);
    cudaMemcpy(counters, host, sizeof host, cudaMemcpyHostToDevice);
    count<<<1, n + 1>>>(t, n, counters, counters + 1);
    cudaMemcpy(host, counters, sizeof host, cudaMemcpyDeviceToHost);
    printf("%u\n", host[0]);
    return host[0] == 4 ? 0 : 1;
}
