// expect: pass
// A shift to the left in place by one block: every thread reads before the barrier and writes behind it.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void shift(int *x, int n, int by) {
    int t = threadIdx.x;
    int keep = t + by < n ? x[t + by] : -1;
    __syncthreads();
    if (t < n) x[t] = keep;
}

int main() {
    int host[70], *x;
    for (int i = 0; i < 70; i++) host[i] = 3 * i;
    cudaMalloc(&x, sizeof host);
    cudaMemcpy(x, host, sizeof host, cudaMemcpyHostToDevice);
    shift<<<1, 96>>>(x, 70, 5);
    cudaMemcpy(host, x, sizeof host, cudaMemcpyDeviceToHost);
    for (int i = 0; i < 70; i++)
        if (host[i] != (i < 65 ? 3 * (i + 5) : -1)) return 1;
    printf("%d\n", host[0]);
    return 0;
}
