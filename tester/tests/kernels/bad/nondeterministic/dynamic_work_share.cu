// expect: nondeterministic
// Blocks draw pieces of work from a queue, and the program prints how many pieces block 0 drew.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void work(unsigned *queue, unsigned pieces, unsigned *drawn) {
    unsigned mine = 0;
    while (atomicAdd(queue, 1u) < pieces) mine++;
    drawn[blockIdx.x] = mine;
}

int main() {
    unsigned *queue, *drawn, got[3];
    cudaMalloc(&queue, sizeof(unsigned));
    cudaMalloc(&drawn, sizeof got);
    cudaMemset(queue, 0, sizeof(unsigned));
    work<<<3, 1>>>(queue, 20, drawn);
    cudaMemcpy(got, drawn, sizeof got, cudaMemcpyDeviceToHost);
    printf("%u of %u\n", got[0], got[0] + got[1] + got[2]);
    return got[0] + got[1] + got[2] != 20;
}
