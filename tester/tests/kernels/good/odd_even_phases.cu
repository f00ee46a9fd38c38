// expect: pass
// Neighbours are exchanged in place; in each phase the pairs do not overlap, and phases are separated by a barrier.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void sort(signed char *x, int n) {
    for (int phase = 0; phase < n; phase++) {
        int i = 2 * threadIdx.x + phase % 2;
        if (i + 1 < n && x[i] > x[i + 1]) {
            signed char v = x[i];
            x[i] = x[i + 1];
            x[i + 1] = v;
        }
        __syncthreads();
    }
}

int main() {
    signed char host[23], *x;
    for (int i = 0; i < 23; i++) host[i] = (signed char)(i * 9 % 23 - 11);
    cudaMalloc(&x, 23);
    cudaMemcpy(x, host, 23, cudaMemcpyHostToDevice);
    sort<<<1, 12>>>(x, 23);
    cudaMemcpy(host, x, 23, cudaMemcpyDeviceToHost);
    for (int i = 0; i < 23; i++)
        if (host[i] != i - 11) return 1;
    printf("%d\n", host[0]);
    return 0;
}
