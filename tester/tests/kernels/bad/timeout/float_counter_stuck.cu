// expect: timeout
// A float is counted up by one, but above two to the power of 24 adding one changes nothing.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void count(float start, float end, volatile float *now) {
    float f = start;
    while (f < end) {
        f += 1.0f;
        *now = f;
    }
}

int main() {
    float *now, got;
    cudaMalloc(&now, sizeof got);
    count<<<1, 1>>>(16777210.0f, 16777220.0f, now);
    cudaMemcpy(&got, now, sizeof got, cudaMemcpyDeviceToHost);
    printf("%.0f\n", got);
    return 0;
}
