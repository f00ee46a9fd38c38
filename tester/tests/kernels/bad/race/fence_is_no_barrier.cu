// expect: race
// __threadfence_block orders a thread's own writes, but does not wait for the others' writes.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void rotate(double *x, int n) {
    extern __shared__ double copy[];
    int i = threadIdx.x;
    copy[i] = 0;
    __syncthreads();
    copy[i] = x[i];
    __threadfence_block();
    x[i] = copy[(i + 1) % n];
}

int main() {
    const int n = 17;
    double host[n], *x;
    for (int i = 0; i < n; i++) host[i] = 1.0 / 3;
    cudaMalloc(&x, sizeof host);
    cudaMemcpy(x, host, sizeof host, cudaMemcpyHostToDevice);
    rotate<<<1, n, n * sizeof(double)>>>(x, n);
    cudaMemcpy(host, x, sizeof host, cudaMemcpyDeviceToHost);
    for (double h : host)
        if (h != 1.0 / 3) return 1;
    printf("rotated\n");
    return 0;
}
