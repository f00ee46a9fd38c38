// expect: pass
// Memory from the pool is allocated in one stream, used in another behind an event, and freed in the first behind a second event.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void fill(int *x) { x[threadIdx.x] = 2 * threadIdx.x; }
__global__ void sum(const int *x, int n, int *out) {
    int s = 0;
    for (int i = 0; i < n; i++) s += x[i];
    *out = s;
}

int main() {
    cudaStream_t a, b;
    cudaEvent_t there, back;
    int *x, *out, got = 0;
    cudaStreamCreateWithFlags(&a, cudaStreamNonBlocking);
    cudaStreamCreateWithFlags(&b, cudaStreamNonBlocking);
    cudaEventCreate(&there);
    cudaEventCreate(&back);
    cudaMalloc(&out, sizeof(int));
    cudaMallocAsync((void **)&x, 10 * sizeof(int), a);
    fill<<<1, 10, 0, a>>>(x);
    cudaEventRecord(there, a);
    cudaStreamWaitEvent(b, there, 0);
    sum<<<1, 1, 0, b>>>(x, 10, out);
    cudaEventRecord(back, b);
    cudaStreamWaitEvent(a, back, 0);
    cudaFreeAsync(x, a);
    cudaStreamSynchronize(a);
    cudaMemcpy(&got, out, sizeof got, cudaMemcpyDeviceToHost);
    printf("%d\n", got);
    return got != 90;
}
