// A planted bug: a thread writes one element past the end of its buffer.
#include <cuda_runtime.h>

__global__ void write_past_the_end(int *p, int n) { p[threadIdx.x + 1] = n; }

int main() {
    int *p;
    if (cudaMalloc(&p, 128 * sizeof(int)) != cudaSuccess) return 1;
    write_past_the_end<<<1, 128>>>(p, 128);
    return cudaDeviceSynchronize() == cudaSuccess ? 0 : 3;
}
