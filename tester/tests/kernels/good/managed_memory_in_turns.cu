// expect: pass
// Host and device use managed memory in turns, with a synchronisation before each turn of the host.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void grow(float *m, int n) {
    int i = threadIdx.x;
    if (i < n) m[i] = m[i] * 2 + 1;
}

int main() {
    const int n = 18;
    float *m;
    cudaMallocManaged(&m, n * sizeof(float));
    for (int i = 0; i < n; i++) m[i] = (float)i;
    for (int k = 0; k < 2; k++) {
        grow<<<1, 32>>>(m, n);
        cudaDeviceSynchronize();
        m[k] += 100;
    }
    float first = m[0], last = m[n - 1];
    cudaFree(m);
    printf("%g %g\n", first, last);
    return first != 203 || last != 71;
}
