// expect: race
// The host reads managed memory while the kernel that writes it may still run; cudaDeviceSynchronize comes too late.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void square(long long *v) { v[threadIdx.x] *= v[threadIdx.x]; }

int main() {
    long long *v;
    cudaMallocManaged(&v, 40 * sizeof *v);
    for (int i = 0; i < 40; i++) v[i] = 1;
    square<<<1, 40>>>(v);
    long long sum = 0;
    for (int i = 0; i < 40; i++) sum += v[i];
    cudaDeviceSynchronize();
    cudaFree(v);
    printf("%lld\n", sum);
    return sum == 40 ? 0 : 1;
}
