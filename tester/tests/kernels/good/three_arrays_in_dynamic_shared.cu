// expect: pass
// Three arrays of different types share the dynamic shared memory, the widest type first, so that all are aligned.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void pack(const int *key, const double *value, const char *tag, int n, double *out) {
    extern __shared__ double memory[];
    double *v = memory;
    int *k = (int *)(v + n);
    char *c = (char *)(k + n);
    int t = threadIdx.x;
    v[t] = value[t];
    k[t] = key[t];
    c[t] = tag[t];
    __syncthreads();
    out[t] = c[n - 1 - t] == 'y' ? v[k[t]] : -1.0;
}

int main() {
    const int n = 13;
    int key[n], *dk;
    double value[n], got[n], *dv, *out;
    char tag[n], *dt;
    for (int i = 0; i < n; i++) {
        key[i] = i * 5 % n;
        value[i] = i / 8.0;
        tag[i] = i % 3 ? 'y' : 'n';
    }
    cudaMalloc(&dk, sizeof key);
    cudaMalloc(&dv, sizeof value);
    cudaMalloc(&dt, sizeof tag);
    cudaMalloc(&out, sizeof got);
    cudaMemcpy(dk, key, sizeof key, cudaMemcpyHostToDevice);
    cudaMemcpy(dv, value, sizeof value, cudaMemcpyHostToDevice);
    cudaMemcpy(dt, tag, sizeof tag, cudaMemcpyHostToDevice);
    pack<<<1, n, n * (sizeof(double) + sizeof(int) + sizeof(char))>>>(dk, dv, dt, n, out);
    cudaMemcpy(got, out, sizeof got, cudaMemcpyDeviceToHost);
    for (int i = 0; i < n; i++)
        if (got[i] != (tag[n - 1 - i] == 'y' ? value[key[i]] : -1.0)) return 1;
    printf("packed\n");
    return 0;
}
