// expect: out-of-bounds
// The distance of two unsigned numbers wraps round, and the 64-bit index goes far outside.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void lookup(const double *table, const unsigned *key, unsigned base, double *out) {
    unsigned i = threadIdx.x;
    out[i] = table[key[i] - base];
}

int main() {
    double table[8] = {0, 1, 4, 9, 16, 25, 36, 49}, *t, *o, out[4];
    unsigned keys[4] = {12, 10, 9, 17}, *k;
    cudaMalloc(&t, sizeof table);
    cudaMalloc(&k, sizeof keys);
    cudaMalloc(&o, sizeof out);
    cudaMemcpy(t, table, sizeof table, cudaMemcpyHostToDevice);
    cudaMemcpy(k, keys, sizeof keys, cudaMemcpyHostToDevice);
    lookup<<<1, 4>>>(t, k, 10, o);
    cudaMemcpy(out, o, sizeof out, cudaMemcpyDeviceToHost);
    printf("%g %g\n", out[0], out[3]);
    return 0;
}
