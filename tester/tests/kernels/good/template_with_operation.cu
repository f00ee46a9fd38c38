// expect: pass
// A template takes the operation as a function object with a __device__ call operator.
#include <cuda_runtime.h>
#include <cstdio>

struct Add {
    static __host__ __device__ int neutral() { return 0; }
    __device__ int operator()(int a, int b) const { return a + b; }
};
struct Smaller {
    static __host__ __device__ int neutral() { return 2147483647; }
    __device__ int operator()(int a, int b) const { return a < b ? a : b; }
};

template <class Op, int B> __global__ void fold(const int *x, int n, int *out) {
    __shared__ int s[B];
    Op op;
    int t = threadIdx.x, v = Op::neutral();
    for (int i = t; i < n; i += B) v = op(v, x[i]);
    s[t] = v;
    __syncthreads();
    for (int d = B / 2; d; d /= 2) {
        if (t < d) s[t] = op(s[t], s[t + d]);
        __syncthreads();
    }
    if (!t) *out = s[0];
}

int main() {
    int host[99], *x, *out, got[2];
    for (int i = 0; i < 99; i++) host[i] = 7 - i % 20;
    cudaMalloc(&x, sizeof host);
    cudaMalloc(&out, sizeof got);
    cudaMemcpy(x, host, sizeof host, cudaMemcpyHostToDevice);
    fold<Add, 32><<<1, 32>>>(x, 99, out);
    fold<Smaller, 16><<<1, 16>>>(x, 99, out + 1);
    cudaMemcpy(got, out, sizeof got, cudaMemcpyDeviceToHost);
    int sum = 0;
    for (int h : host) sum += h;
    printf("%d %d\n", got[0], got[1]);
    return got[0] != sum || got[1] != -12;
}
