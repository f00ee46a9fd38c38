// expect: deadlock
// The kernel polls a flag that the host would set only after it has waited for the kernel.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void wait_for_host(volatile int *flag, int *seen) {
    while (*flag == 0) {}
    *seen = 1;
}

int main() {
    int *flag, *seen, one = 1;
    cudaMalloc(&flag, sizeof(int));
    cudaMalloc(&seen, sizeof(int));
    cudaMemset(flag, 0, sizeof(int));
    wait_for_host<<<1, 1>>>(flag, seen);
    cudaDeviceSynchronize();
    cudaMemcpy(flag, &one, sizeof one, cudaMemcpyHostToDevice);
    printf("done\n");
    return 0;
}
