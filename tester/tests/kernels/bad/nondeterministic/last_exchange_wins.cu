// expect: nondeterministic
// All threads exchange their number into one word, and the last one stays there.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void claim(int *owner) { atomicExch(owner, blockIdx.x * blockDim.x + threadIdx.x); }

int main() {
    int *owner, got = -1;
    cudaMalloc(&owner, sizeof got);
    cudaMemcpy(owner, &got, sizeof got, cudaMemcpyHostToDevice);
    claim<<<7, 5>>>(owner);
    cudaMemcpy(&got, owner, sizeof got, cudaMemcpyDeviceToHost);
    printf("owner %d\n", got);
    return got < 0 || got >= 35;
}
