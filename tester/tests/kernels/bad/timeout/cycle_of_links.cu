// expect: timeout
// The links of the list run in a circle that does not come back to the end mark.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void walk(const int *next, int start, unsigned long long *steps) {
    for (int node = start; node != -1; node = next[node]) *(volatile unsigned long long *)steps += 1;
}

int main() {
    int links[5] = {1, 2, 3, 1, -1}, *next;
    unsigned long long *steps, got = 0;
    cudaMalloc(&next, sizeof links);
    cudaMalloc(&steps, sizeof got);
    cudaMemset(steps, 0, sizeof got);
    cudaMemcpy(next, links, sizeof links, cudaMemcpyHostToDevice);
    walk<<<1, 1>>>(next, 0, steps);
    cudaMemcpy(&got, steps, sizeof got, cudaMemcpyDeviceToHost);
    printf("%llu\n", got);
    return got != 5;
}
