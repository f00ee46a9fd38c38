// expect: race or uninitialised
// The shared bins are set to zero by some threads and used with atomics by others, and no barrier stands between.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void histogram(const unsigned char *keys, int n, int *bins) {
    __shared__ int local[16];
    int t = threadIdx.x;
    if (t >= 48) local[t - 48] = 0;
    for (int i = t; i < n; i += blockDim.x) atomicAdd(&local[keys[i] & 15], 1);
    __syncthreads();
    if (t < 16) bins[t] = local[t];
}

int main() {
    const int n = 200;
    unsigned char keys[n], *dk;
    int want[16] = {}, got[16], *db;
    for (int i = 0; i < n; i++) {
        keys[i] = (unsigned char)(i * 7);
        want[keys[i] & 15]++;
    }
    cudaMalloc(&dk, n);
    cudaMalloc(&db, sizeof got);
    cudaMemcpy(dk, keys, n, cudaMemcpyHostToDevice);
    histogram<<<1, 64>>>(dk, n, db);
    cudaMemcpy(got, db, sizeof got, cudaMemcpyDeviceToHost);
    int wrong = 0;
    for (int k = 0; k < 16; k++) wrong += got[k] != want[k];
    printf("done\n");
    return wrong != 0;
}
