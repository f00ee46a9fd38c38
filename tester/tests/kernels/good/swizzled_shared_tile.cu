// expect: pass
// The columns of the tile are permuted by an exclusive or with the row instead of padding; the permutation maps each row onto itself.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void transpose(const unsigned char *in, unsigned char *out) {
    __shared__ unsigned char s[16 * 16];
    int x = threadIdx.x, y = threadIdx.y;
    for (int r = y; r < 16; r += 4) s[r * 16 + (x ^ r)] = in[r * 16 + x];
    __syncthreads();
    for (int r = y; r < 16; r += 4) out[r * 16 + x] = s[x * 16 + (r ^ x)];
}

int main() {
    unsigned char host[256], got[256], *in, *out;
    for (int i = 0; i < 256; i++) host[i] = (unsigned char)i;
    cudaMalloc(&in, 256);
    cudaMalloc(&out, 256);
    cudaMemcpy(in, host, 256, cudaMemcpyHostToDevice);
    transpose<<<1, dim3(16, 4)>>>(in, out);
    cudaMemcpy(got, out, 256, cudaMemcpyDeviceToHost);
    for (int i = 0; i < 256; i++)
        if (got[i] != i % 16 * 16 + i / 16) return 1;
    printf("%d\n", got[1]);
    return 0;
}
