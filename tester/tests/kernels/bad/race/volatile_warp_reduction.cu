// expect: race
// The last steps rely on lanes in step, which nothing promises since compute capability 7.0.
#include <cuda_runtime.h>
__global__ void k(int *x) {
    __shared__ int s[64];
    int t = threadIdx.x;
    s[t] = x[t];
    __syncthreads();
    if (t < 32) {
        volatile int *v = s;
        v[t] += v[t + 32];
        v[t] += v[t + 16];
        v[t] += v[t + 8];
    }
    if (t == 0) x[0] = s[0];
}
int main() { int *x; cudaMalloc(&x, 256); cudaMemset(x, 0, 256); k<<<1, 64>>>(x); return cudaDeviceSynchronize(); }
