// expect: pass
// A null pointer for the optional output is passed and asked for, but not followed.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void count(const char *s, int n, int *letters, int *digits) {
    int i = threadIdx.x;
    if (i >= n) return;
    if (letters && s[i] >= 'a') atomicAdd(letters, 1);
    if (digits && s[i] <= '9') atomicAdd(digits, 1);
}

int main() {
    const char text[] = "a1b22c333";
    char *s;
    int *letters, got;
    cudaMalloc(&s, 9);
    cudaMalloc(&letters, sizeof(int));
    cudaMemset(letters, 0, sizeof(int));
    cudaMemcpy(s, text, 9, cudaMemcpyHostToDevice);
    count<<<1, 16>>>(s, 9, letters, nullptr);
    cudaMemcpy(&got, letters, sizeof got, cudaMemcpyDeviceToHost);
    printf("%d\n", got);
    return got != 3;
}
