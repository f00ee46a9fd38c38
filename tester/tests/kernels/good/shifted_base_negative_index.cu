// expect: pass
// The kernel gets a pointer to the middle of the buffer, so that its negative indices are inside the allocation.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void mirror(float *centre) {
    int k = (int)threadIdx.x + 1;
    centre[-k] = -centre[k];
}

int main() {
    const int h = 15;
    float host[2 * h + 1], *x;
    for (int i = 0; i <= 2 * h; i++) host[i] = i > h ? (float)(i - h) : 0;
    cudaMalloc(&x, sizeof host);
    cudaMemcpy(x, host, sizeof host, cudaMemcpyHostToDevice);
    mirror<<<1, h>>>(x + h);
    cudaMemcpy(host, x, sizeof host, cudaMemcpyDeviceToHost);
    for (int i = 0; i <= 2 * h; i++)
        if (host[i] != i - h) return 1;
    printf("%g\n", host[0]);
    return 0;
}
