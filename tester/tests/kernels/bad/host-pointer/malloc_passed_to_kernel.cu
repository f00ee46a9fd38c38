// expect: host-pointer
// The kernel gets memory from malloc instead of its copy on the device.
#include <cuda_runtime.h>
#include <cstdio>
#include <cstdlib>

__global__ void twice(int *x) { x[threadIdx.x] *= 2; }

int main() {
    int *host = (int *)malloc(10 * sizeof(int)), *device;
    for (int i = 0; i < 10; i++) host[i] = i;
    cudaMalloc(&device, 10 * sizeof(int));
    cudaMemcpy(device, host, 10 * sizeof(int), cudaMemcpyHostToDevice);
    twice<<<1, 10>>>(host);
    cudaDeviceSynchronize();
    printf("%d\n", host[0]);
    free(host);
    cudaFree(device);
    return 0;
}
