// expect: race
// Every thread that finds a negative element stores 1 into one plain variable: two writes without order, although the value is the same.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void any_negative(const float *x, int n, int *found) {
    for (int i = threadIdx.x; i < n; i += blockDim.x)
        if (x[i] < 0.0f) *found = 1;
}

int main() {
    const int n = 90;
    float host[n], *x;
    for (int i = 0; i < n; i++) host[i] = i % 2 ? 1.5f : -2.0f;
    int *found, answer = 0;
    cudaMalloc(&x, sizeof host);
    cudaMalloc(&found, sizeof(int));
    cudaMemcpy(x, host, sizeof host, cudaMemcpyHostToDevice);
    cudaMemset(found, 0, sizeof(int));
    any_negative<<<1, 32>>>(x, n, found);
    cudaMemcpy(&answer, found, sizeof answer, cudaMemcpyDeviceToHost);
    printf("%d\n", answer);
    return answer == 1 ? 0 : 1;
}
