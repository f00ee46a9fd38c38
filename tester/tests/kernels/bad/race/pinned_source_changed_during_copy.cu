// expect: race
// The host changes the pinned source of an asynchronous copy that is still under way.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void check(const float *x, int *bad) {
    if (x[threadIdx.x] != 1.0f) atomicAdd(bad, 1);
}

int main() {
    float *source, *x;
    int *bad, count = 0;
    cudaStream_t stream;
    cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking);
    cudaHostAlloc(&source, 30 * sizeof(float), cudaHostAllocDefault);
    cudaMalloc(&x, 30 * sizeof(float));
    cudaMalloc(&bad, sizeof(int));
    cudaMemset(bad, 0, sizeof(int));
    cudaDeviceSynchronize();
    for (int i = 0; i < 30; i++) source[i] = 1.0f;
    cudaMemcpyAsync(x, source, 30 * sizeof(float), cudaMemcpyHostToDevice, stream);
    source[29] = 1.0f;
    check<<<1, 30, 0, stream>>>(x, bad);
    cudaStreamSynchronize(stream);
    cudaMemcpy(&count, bad, sizeof count, cudaMemcpyDeviceToHost);
    printf("%d\n", count);
    return count;
}
