// expect: pass
// A hundred launches in the default stream need no synchronisation between them: each sees what the one before wrote.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void step(const int *from, int *to, int n) {
    int i = threadIdx.x;
    if (i < n) to[i] = from[(i + 1) % n];
}

int main() {
    const int n = 21;
    int host[n], *a, *b;
    for (int i = 0; i < n; i++) host[i] = i;
    cudaMalloc(&a, sizeof host);
    cudaMalloc(&b, sizeof host);
    cudaMemcpy(a, host, sizeof host, cudaMemcpyHostToDevice);
    for (int k = 0; k < 100; k++) {
        step<<<1, 32>>>(a, b, n);
        int *t = a;
        a = b;
        b = t;
    }
    cudaMemcpy(host, a, sizeof host, cudaMemcpyDeviceToHost);
    for (int i = 0; i < n; i++)
        if (host[i] != (i + 100) % n) return 1;
    printf("%d\n", host[0]);
    return 0;
}
