// expect: pass
// __syncthreads_or and __syncthreads_and are barriers too, so that the shared cells may be read behind them.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void inspect(const int *x, int *out) {
    __shared__ int s[50];
    int t = threadIdx.x;
    s[t] = x[t];
    int any = __syncthreads_or(x[t] > 48);
    int right = s[(t + 1) % 50];
    int all = __syncthreads_and(right >= 0);
    s[t] = any + 2 * all;
    int many = __syncthreads_count(s[t] == 3);
    if (t == 49) *out = many + s[0];
}

int main() {
    int host[50], *x, *out, got;
    for (int i = 0; i < 50; i++) host[i] = 49 - i;
    cudaMalloc(&x, sizeof host);
    cudaMalloc(&out, sizeof got);
    cudaMemcpy(x, host, sizeof host, cudaMemcpyHostToDevice);
    inspect<<<1, 50>>>(x, out);
    cudaMemcpy(&got, out, sizeof got, cudaMemcpyDeviceToHost);
    printf("%d\n", got);
    return got != 53;
}
