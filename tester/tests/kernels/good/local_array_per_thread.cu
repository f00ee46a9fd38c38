// expect: pass
// Each thread sorts eight values in a local array; local arrays are never shared.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void medians(const int *x, int *out, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= n) return;
    int v[7];
    for (int k = 0; k < 7; k++) v[k] = x[(i + k) % n];
    for (int a = 1; a < 7; a++)
        for (int b = a; b > 0 && v[b - 1] > v[b]; b--) {
            int t = v[b];
            v[b] = v[b - 1];
            v[b - 1] = t;
        }
    out[i] = v[3];
}

int main() {
    int host[35], *x, *out, got[35];
    for (int i = 0; i < 35; i++) host[i] = i * 12 % 35;
    cudaMalloc(&x, sizeof host);
    cudaMalloc(&out, sizeof got);
    cudaMemcpy(x, host, sizeof host, cudaMemcpyHostToDevice);
    medians<<<3, 16>>>(x, out, 35);
    cudaMemcpy(got, out, sizeof got, cudaMemcpyDeviceToHost);
    for (int i = 0; i < 35; i++) {
        int below = 0;
        for (int k = 0; k < 7; k++) below += host[(i + k) % 35] < got[i];
        if (below != 3) return 1;
    }
    printf("%d\n", got[0]);
    return 0;
}
