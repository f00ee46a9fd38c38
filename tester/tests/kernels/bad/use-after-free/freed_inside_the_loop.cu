// expect: use-after-free
// The scratch buffer is allocated once before the loop but freed at the end of each round.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void round_trip(int *scratch, int *total, int k) {
    scratch[threadIdx.x] = k;
    __syncthreads();
    if (threadIdx.x == 0)
        for (unsigned i = 0; i < blockDim.x; i++) *total += scratch[i];
}

int main() {
    int *scratch, *total, got = 0;
    cudaMalloc(&total, sizeof(int));
    cudaMemset(total, 0, sizeof(int));
    cudaMalloc(&scratch, 8 * sizeof(int));
    for (int k = 1; k <= 2; k++) {
        round_trip<<<1, 8>>>(scratch, total, k);
        cudaDeviceSynchronize();
        cudaFree(k == 1 ? scratch : nullptr);
    }
    cudaMemcpy(&got, total, sizeof got, cudaMemcpyDeviceToHost);
    printf("%d\n", got);
    return got != 24;
}
