// expect: pass
// Threads write neighbouring bytes of one word; bytes are memory locations of their own.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void spell(char *text) {
    if (threadIdx.x < 26) text[threadIdx.x] = (char)('a' + threadIdx.x);
    else if (threadIdx.x == 26) text[26] = 0;
}

int main() {
    char host[27], *text;
    cudaMalloc(&text, 27);
    spell<<<1, 32>>>(text);
    cudaMemcpy(host, text, 27, cudaMemcpyDeviceToHost);
    printf("%s\n", host);
    return host[25] != 'z' || host[26] != 0;
}
