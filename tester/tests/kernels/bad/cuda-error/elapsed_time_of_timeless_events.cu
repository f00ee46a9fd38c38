// expect: cuda-error
// The events were created without timing, so that no time can be asked of them.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void nothing(int *x) { *x = 0; }

int main() {
    int *x;
    float milliseconds = -1;
    cudaEvent_t start, stop;
    cudaMalloc(&x, sizeof(int));
    cudaEventCreateWithFlags(&start, cudaEventDisableTiming);
    cudaEventCreateWithFlags(&stop, cudaEventDisableTiming);
    cudaEventRecord(start);
    nothing<<<1, 1>>>(x);
    cudaEventRecord(stop);
    cudaEventSynchronize(stop);
    cudaEventElapsedTime(&milliseconds, start, stop);
    printf("ran\n");
    return 0;
}
