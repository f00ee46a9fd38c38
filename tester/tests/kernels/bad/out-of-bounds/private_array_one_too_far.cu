// expect: out-of-bounds
// A thread counts into a private array of eight bins, and one key is eight.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void count(const int *keys, int each, int *most) {
    int t = threadIdx.x;
    int bins[8];
    for (int b = 0; b < 8; b++) bins[b] = 0;
    for (int i = 0; i < each; i++) bins[keys[t * each + i]]++;
    int best = 0;
    for (int b = 0; b < 8; b++)
        if (bins[b] > best) best = bins[b];
    most[t] = best;
}

int main() {
    const int threads = 32, each = 16;
    int keys[threads * each], most[threads], *keys_device, *most_device;
    for (int i = 0; i < threads * each; i++) keys[i] = i % each < 9 ? i % each : 3;
    cudaMalloc(&keys_device, sizeof keys);
    cudaMalloc(&most_device, sizeof most);
    cudaMemcpy(keys_device, keys, sizeof keys, cudaMemcpyHostToDevice);
    count<<<1, threads>>>(keys_device, each, most_device);
    cudaMemcpy(most, most_device, sizeof most, cudaMemcpyDeviceToHost);
    for (int t = 0; t < threads; t++)
        if (most[t] != 8) return 1;
    printf("ok\n");
    return 0;
}
