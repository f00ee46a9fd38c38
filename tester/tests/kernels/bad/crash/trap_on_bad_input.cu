// expect: crash
// The kernel calls __trap where it meets a letter it does not know.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void decode(const char *s, int *out) {
    char c = s[threadIdx.x];
    if (c < 'a' || c > 'z') __trap();
    out[threadIdx.x] = c - 'a';
}

int main() {
    const char word[] = "device?";
    char *s;
    int *out;
    cudaMalloc(&s, sizeof word);
    cudaMalloc(&out, sizeof word * sizeof(int));
    cudaMemcpy(s, word, sizeof word, cudaMemcpyHostToDevice);
    decode<<<1, 7>>>(s, out);
    cudaDeviceSynchronize();
    printf("decoded\n");
    return 0;
}
