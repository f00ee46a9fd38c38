// expect: pass
// All blocks of a launch read what the next one changes in place, while the host works on other managed memory.
#include <cstdio>
#include <cuda_runtime.h>

__global__ void sum(const int *values, int *sums, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x, total = 0;
    if (i >= n) return;
    for (int k = 0; k < n; k++) total += values[k];
    sums[i] = total;
}

__global__ void increase(int *values, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) values[i] = values[i] + 1;
}

int main() {
    const int n = 76;
    int *values, *sums, *other;
    cudaMallocManaged(&values, n * sizeof(int));
    cudaMallocManaged(&sums, n * sizeof(int));
    cudaMallocManaged(&other, sizeof(int));
    for (int i = 0; i < n; i++) values[i] = i;
    other[0] = 0;
    for (int step = 0; step < 3; step++) {
        sum<<<2, 64>>>(values, sums, n);
        increase<<<1, 128>>>(values, n);
        other[0] += 1;
        cudaDeviceSynchronize();
    }
    bool is_right = other[0] == 3;
    for (int i = 0; i < n; i++) is_right = is_right && values[i] == i + 3 && sums[i] == n * (n - 1) / 2 + 2 * n;
    printf("%d\n", is_right);
    return is_right ? 0 : 1;
}
