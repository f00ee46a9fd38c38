// expect: pass
// One block writes data, fences and sets a flag atomically; the other one spins on the flag, fences and reads (guide, Memory Fence Functions). Both fit on the device at once.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void talk(int *data, int *flag, int *out) {
    if (blockIdx.x == 0) {
        data[0] = 31;
        data[1] = 11;
        __threadfence();
        atomicExch(flag, 1);
    } else {
        while (atomicCAS(flag, 1, 2) != 1) {}
        __threadfence();
        *out = data[0] + data[1];
    }
}

int main() {
    int *data, *flag, got = 0;
    cudaMalloc(&data, 3 * sizeof(int));
    cudaMalloc(&flag, sizeof(int));
    cudaMemset(flag, 0, sizeof(int));
    talk<<<2, 1>>>(data, flag, data + 2);
    cudaMemcpy(&got, data + 2, sizeof got, cudaMemcpyDeviceToHost);
    printf("%d\n", got);
    return got != 42;
}
