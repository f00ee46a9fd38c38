// expect: race
// Two counters lie in one 64-bit word: half of the threads add to the word, the others to its lower half.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void count(unsigned long long *both) {
    if (threadIdx.x % 2) atomicAdd(both, (1ull << 32) | 1);
    else atomicAdd(reinterpret_cast<unsigned *>(both), 1u);
}

int main() {
    unsigned long long got, *both;
    cudaMalloc(&both, sizeof *both);
    cudaMemset(both, 0, sizeof *both);
    count<<<1, 64>>>(both);
    cudaMemcpy(&got, both, sizeof got, cudaMemcpyDeviceToHost);
    printf("%llu %llu\n", got >> 32, got & 0xffffffffull);
    return got != ((32ull << 32) | 64);
}
