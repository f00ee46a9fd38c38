// expect: deadlock
// Two consumers wait for a token each, but the producer leaves only one.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void pass(unsigned *tokens) {
    if (blockIdx.x == 0) {
        if (threadIdx.x == 0) atomicAdd(tokens, 1u);
    } else if (threadIdx.x == 0) {
        unsigned left;
        do left = atomicAdd(tokens, 0u); while (left == 0 || atomicCAS(tokens, left, left - 1) != left);
    }
}

int main() {
    unsigned *tokens;
    cudaMalloc(&tokens, sizeof *tokens);
    cudaMemset(tokens, 0, sizeof *tokens);
    pass<<<3, 32>>>(tokens);
    cudaDeviceSynchronize();
    printf("done\n");
    return 0;
}
