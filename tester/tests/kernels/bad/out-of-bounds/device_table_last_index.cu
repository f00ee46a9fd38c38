// expect: out-of-bounds
// A table of ten entries in a __device__ array is read at index ten by the thread with the digit ':' .
#include <cuda_runtime.h>
#include <cstdio>

__device__ int digit_cost[10] = {6, 2, 5, 5, 4, 5, 6, 3, 7, 6};

__global__ void cost(const char *s, int n, int *sum) {
    int i = threadIdx.x;
    if (i < n) atomicAdd(sum, digit_cost[s[i] - '0']);
}

int main() {
    const char clock[] = "12:45";
    char *s;
    int *sum, got;
    cudaMalloc(&s, 5);
    cudaMalloc(&sum, 4);
    cudaMemcpy(s, clock, 5, cudaMemcpyHostToDevice);
    cudaMemset(sum, 0, 4);
    cost<<<1, 8>>>(s, 5, sum);
    cudaMemcpy(&got, sum, 4, cudaMemcpyDeviceToHost);
    printf("%d\n", got >= 16);
    return 0;
}
