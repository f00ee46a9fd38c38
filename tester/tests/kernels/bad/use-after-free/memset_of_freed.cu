// expect: use-after-free
// The clean-up order is wrong: the buffer is cleared after it was freed.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void use(float *x) { x[threadIdx.x] += 1.0f; }

int main() {
    float *x;
    const size_t bytes = 12 * sizeof *x;
    cudaMalloc(&x, bytes);
    cudaMemset(x, 0, bytes);
    use<<<1, 12>>>(x);
    cudaDeviceSynchronize();
    cudaFree(x);
    cudaMemset(x, 0, bytes);
    printf("clean\n");
    return 0;
}
