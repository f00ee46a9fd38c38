// expect: race
// Each thread fills a chunk with an inclusive end, so that two threads write the element between their chunks.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void zero_chunks(char *p, int n, int chunk) {
    int first = threadIdx.x * chunk;
    int last = min(first + chunk, n - 1);
    for (int i = first; i <= last; i++) p[i] = 0;
}

int main() {
    const int n = 100, chunk = 10;
    char host[n], *p;
    cudaMalloc(&p, n);
    cudaMemset(p, 1, n);
    zero_chunks<<<1, n / chunk>>>(p, n, chunk);
    cudaMemcpy(host, p, n, cudaMemcpyDeviceToHost);
    for (char c : host)
        if (c) return 1;
    printf("zero\n");
    return 0;
}
