// A planted bug: a kernel reads memory that nothing has written.
#include <cuda_runtime.h>

__global__ void add(const int *p, int *q) { q[threadIdx.x] = p[threadIdx.x] + 1; }

int main() {
    int *p, *q;
    if (cudaMalloc(&p, 128 * sizeof(int)) != cudaSuccess || cudaMalloc(&q, 128 * sizeof(int)) != cudaSuccess) return 1;
    add<<<1, 128>>>(p, q);
    return cudaDeviceSynchronize() == cudaSuccess ? 0 : 3;
}
