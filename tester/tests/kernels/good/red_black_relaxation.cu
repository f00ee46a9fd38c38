// expect: pass
// Cells of one colour are updated in place from cells of the other colour only, one launch a colour.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void relax(float *u, int n, int colour) {
    int x = threadIdx.x + 1, y = blockIdx.x + 1;
    if (x < n - 1 && (x + y) % 2 == colour)
        u[y * n + x] = 0.25f * (u[y * n + x - 1] + u[y * n + x + 1] + u[(y - 1) * n + x] + u[(y + 1) * n + x]);
}

int main() {
    const int n = 9;
    float host[n * n], *u;
    for (int i = 0; i < n * n; i++) host[i] = 2;
    host[4 * n + 4] = 18;
    cudaMalloc(&u, sizeof host);
    cudaMemcpy(u, host, sizeof host, cudaMemcpyHostToDevice);
    for (int colour = 0; colour < 2; colour++) relax<<<n - 2, 16>>>(u, n, colour);
    cudaMemcpy(host, u, sizeof host, cudaMemcpyDeviceToHost);
    for (float v : host)
        if (v != 2) return 1;
    printf("%g\n", host[0]);
    return 0;
}
