// expect: pass
// In each step of the sorting network a pair of cells belongs to one thread, which alone reads and writes both.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void sort(unsigned short *x) {
    __shared__ unsigned short s[32];
    int t = threadIdx.x;
    s[t] = x[t];
    s[t + 16] = x[t + 16];
    __syncthreads();
    for (int k = 2; k <= 32; k *= 2)
        for (int j = k / 2; j > 0; j /= 2) {
            int a = t / j * 2 * j + t % j, b = a + j;
            bool up = (a & k) == 0;
            if ((s[a] > s[b]) == up) {
                unsigned short v = s[a];
                s[a] = s[b];
                s[b] = v;
            }
            __syncthreads();
        }
    x[t] = s[t];
    x[t + 16] = s[t + 16];
}

int main() {
    unsigned short host[32], *x;
    for (int i = 0; i < 32; i++) host[i] = (unsigned short)(i * 21 % 32 * 3);
    cudaMalloc(&x, sizeof host);
    cudaMemcpy(x, host, sizeof host, cudaMemcpyHostToDevice);
    sort<<<1, 16>>>(x);
    cudaMemcpy(host, x, sizeof host, cudaMemcpyDeviceToHost);
    for (int i = 0; i < 32; i++)
        if (host[i] != 3 * i) return 1;
    printf("%d\n", host[31]);
    return 0;
}
