// expect: host-pointer
// The copy is declared as one between device buffers, but its source is an array of the host.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void check(const unsigned char *p, int *sum) { atomicAdd(sum, p[threadIdx.x]); }

int main() {
    unsigned char key[8] = {1, 2, 3, 4, 5, 6, 7, 8}, *p;
    int *sum, got = 0;
    cudaMalloc(&p, sizeof key);
    cudaMalloc(&sum, sizeof got);
    cudaMemset(sum, 0, sizeof got);
    cudaMemset(p, 0, sizeof key);
    cudaMemcpy(p, key, sizeof key, cudaMemcpyDeviceToDevice);
    check<<<1, 8>>>(p, sum);
    cudaMemcpy(&got, sum, sizeof got, cudaMemcpyDeviceToHost);
    printf("%d\n", got);
    return got != 36;
}
