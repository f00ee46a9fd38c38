// expect: nondeterministic
// The first thread to find the key stores its position by atomicCAS; which of the many positions that is, nobody says.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void find(const char *text, int n, char key, int *position) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n && text[i] == key) atomicCAS(position, -1, i);
}

int main() {
    const char text[] = "a banana and an ananas";
    const int n = sizeof text - 1;
    char *t;
    int *position, got = -1;
    cudaMalloc(&t, n);
    cudaMalloc(&position, sizeof got);
    cudaMemcpy(t, text, n, cudaMemcpyHostToDevice);
    cudaMemcpy(position, &got, sizeof got, cudaMemcpyHostToDevice);
    find<<<3, 8>>>(t, n, 'n', position);
    cudaMemcpy(&got, position, sizeof got, cudaMemcpyDeviceToHost);
    printf("%d\n", got);
    return got < 0 || text[got] != 'n';
}
