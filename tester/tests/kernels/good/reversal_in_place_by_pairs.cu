// expect: pass
// The array is reversed in place; each pair of cells belongs to one thread, and the middle cell to none.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void reverse(double2 *x, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x, j = n - 1 - i;
    if (i < j) {
        double2 a = x[i], b = x[j];
        x[i] = b;
        x[j] = make_double2(a.x, a.y);
    }
}

int main() {
    double2 host[47], *x;
    for (int i = 0; i < 47; i++) host[i] = make_double2(i, -i);
    cudaMalloc(&x, sizeof host);
    cudaMemcpy(x, host, sizeof host, cudaMemcpyHostToDevice);
    reverse<<<2, 16>>>(x, 47);
    cudaMemcpy(host, x, sizeof host, cudaMemcpyDeviceToHost);
    for (int i = 0; i < 47; i++)
        if (host[i].x != 46 - i || host[i].y != i - 46) return 1;
    printf("%g\n", host[0].x);
    return 0;
}
