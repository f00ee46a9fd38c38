// expect: pass
// Each block swaps one tile with its mirror image, so that no two blocks touch the same cells; blocks below the diagonal do nothing.
#include <cuda_runtime.h>
#include <cstdio>

const int T = 4, N = 16;

__global__ void transpose(int *m) {
    __shared__ int a[T][T + 1], b[T][T + 1];
    int bx = blockIdx.x, by = blockIdx.y, x = threadIdx.x, y = threadIdx.y;
    if (bx < by) return;
    a[y][x] = m[(by * T + y) * N + bx * T + x];
    b[y][x] = m[(bx * T + y) * N + by * T + x];
    __syncthreads();
    m[(bx * T + y) * N + by * T + x] = a[x][y];
    if (bx != by) m[(by * T + y) * N + bx * T + x] = b[x][y];
}

int main() {
    int host[N * N], *m;
    for (int i = 0; i < N * N; i++) host[i] = i;
    cudaMalloc(&m, sizeof host);
    cudaMemcpy(m, host, sizeof host, cudaMemcpyHostToDevice);
    transpose<<<dim3(N / T, N / T), dim3(T, T)>>>(m);
    cudaMemcpy(host, m, sizeof host, cudaMemcpyDeviceToHost);
    for (int i = 0; i < N * N; i++)
        if (host[i] != i % N * N + i / N) return 1;
    printf("%d\n", host[1]);
    return 0;
}
