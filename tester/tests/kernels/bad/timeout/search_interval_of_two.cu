// expect: timeout
// The binary search keeps its lower end where the interval has two elements, and never gets further.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void find(const int *sorted, int n, int key, volatile int *probe, int *position) {
    int low = 0, high = n;
    while (low < high) {
        int middle = low + (high - low) / 2;
        *probe = middle;
        if (sorted[middle] < key) low = middle;
        else high = middle;
    }
    *position = low;
}

int main() {
    int host[9] = {1, 3, 5, 7, 9, 11, 13, 15, 17}, *x, *p, got;
    cudaMalloc(&x, sizeof host);
    cudaMalloc(&p, 2 * sizeof(int));
    cudaMemcpy(x, host, sizeof host, cudaMemcpyHostToDevice);
    find<<<1, 1>>>(x, 9, 12, p, p + 1);
    cudaMemcpy(&got, p + 1, sizeof got, cudaMemcpyDeviceToHost);
    printf("%d\n", got);
    return got != 6;
}
