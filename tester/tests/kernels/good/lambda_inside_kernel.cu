// expect: pass
// A lambda inside a kernel captures local variables by reference, and a device function template calls it; plain nvcc accepts this.
#include <cuda_runtime.h>
#include <cstdio>

template <class F> __device__ int repeat(int times, F f) {
    int sum = 0;
    for (int k = 0; k < times; k++) sum += f(k);
    return sum;
}

__global__ void tabulate(int *out) {
    int calls = 0, base = threadIdx.x;
    out[base] = repeat(4, [&](int k) {
        calls++;
        return base * k;
    });
    out[base] += calls;
}

int main() {
    int host[25], *out;
    cudaMalloc(&out, sizeof host);
    tabulate<<<1, 25>>>(out);
    cudaMemcpy(host, out, sizeof host, cudaMemcpyDeviceToHost);
    for (int i = 0; i < 25; i++)
        if (host[i] != 6 * i + 4) return 1;
    printf("%d\n", host[24]);
    return 0;
}
