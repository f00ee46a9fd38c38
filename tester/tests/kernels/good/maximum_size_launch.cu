// expect: pass
// Exactly 1024 threads and exactly 48 KiB of dynamic shared memory are within the limits.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void corners(int *out) {
    extern __shared__ int s[];
    int last = 48 * 1024 / 4 - 1;
    if (threadIdx.x == 0) s[0] = 1;
    if (threadIdx.x == 1023) s[last] = 2;
    __syncthreads();
    if (threadIdx.x == 512) *out = s[0] + s[last];
}

int main() {
    int *out, got = 0;
    cudaMalloc(&out, sizeof got);
    corners<<<1, 1024, 48 * 1024>>>(out);
    if (cudaGetLastError() != cudaSuccess) return 2;
    cudaMemcpy(&got, out, sizeof got, cudaMemcpyDeviceToHost);
    printf("%d\n", got);
    return got != 3;
}
