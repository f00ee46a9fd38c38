// expect: pass
// Events with timing lie around the kernel; their time is asked for but only compared with zero.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void fill(short *x, int n) {
    for (int i = threadIdx.x; i < n; i += blockDim.x) x[i] = (short)(n - i);
}

int main() {
    short host[100], *x;
    cudaEvent_t begin, end;
    cudaEventCreate(&begin);
    cudaEventCreate(&end);
    cudaMalloc(&x, sizeof host);
    cudaEventRecord(begin, 0);
    fill<<<1, 64>>>(x, 100);
    cudaEventRecord(end, 0);
    cudaEventSynchronize(end);
    float milliseconds = -1;
    if (cudaEventElapsedTime(&milliseconds, begin, end) != cudaSuccess || milliseconds < 0) return 2;
    cudaMemcpy(host, x, sizeof host, cudaMemcpyDeviceToHost);
    cudaEventDestroy(begin);
    cudaEventDestroy(end);
    printf("%d %d\n", host[0], host[99]);
    return host[0] != 100 || host[99] != 1;
}
