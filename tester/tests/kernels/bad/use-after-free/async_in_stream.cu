// expect: use-after-free
// The memory is freed in the stream before the kernel that uses it.
#include <cuda_runtime.h>
__global__ void k(int *x) { x[threadIdx.x] = 1; }
int main() {
    int *x;
    cudaStream_t s;
    cudaStreamCreate(&s);
    cudaMallocAsync(&x, 256, s);
    k<<<1, 64, 0, s>>>(x);
    cudaFreeAsync(x, s);
    k<<<1, 64, 0, s>>>(x);
    return cudaStreamSynchronize(s);
}
