// expect: pass
// A launch with plain numbers and one with dim3 of one argument mean the same; the unused dimensions are one.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void shape(unsigned *out) {
    unsigned i = blockIdx.x * blockDim.x + threadIdx.x;
    out[i] = gridDim.x + 10 * gridDim.y * gridDim.z + 100 * blockDim.x + 1000 * blockDim.y * blockDim.z + warpSize;
}

int main() {
    unsigned *out, a[6], b[6];
    cudaMalloc(&out, sizeof a);
    shape<<<2, 3>>>(out);
    cudaMemcpy(a, out, sizeof a, cudaMemcpyDeviceToHost);
    dim3 grid(2), block(3);
    shape<<<grid, block, 0, nullptr>>>(out);
    cudaMemcpy(b, out, sizeof b, cudaMemcpyDeviceToHost);
    for (int i = 0; i < 6; i++)
        if (a[i] != 1344 || b[i] != 1344) return 1;
    printf("%u\n", a[0]);
    return 0;
}
