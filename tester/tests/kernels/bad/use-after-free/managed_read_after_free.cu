// expect: use-after-free
// The host reads managed memory that it freed one line before.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void write(double *m) { *m = 2.5; }

int main() {
    double *m;
    cudaMallocManaged(&m, sizeof(double));
    write<<<1, 1>>>(m);
    cudaDeviceSynchronize();
    cudaFree(m);
    double value = *m;
    printf("%d\n", value == 2.5);
    return 0;
}
