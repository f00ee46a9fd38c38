// expect: pass
// The tiles pass the matrix's edge; what lies outside is loaded as zero and not stored.
#include <cuda_runtime.h>
#include <cstdio>

const int T = 8;

__global__ void product(const float *a, const float *b, float *c, int m, int k, int n) {
    __shared__ float sa[T][T + 1], sb[T][T + 1];
    int x = threadIdx.x, y = threadIdx.y, col = blockIdx.x * T + x, row = blockIdx.y * T + y;
    float sum = 0;
    for (int t = 0; t < k; t += T) {
        sa[y][x] = row < m && t + x < k ? a[row * k + t + x] : 0;
        sb[y][x] = t + y < k && col < n ? b[(t + y) * n + col] : 0;
        __syncthreads();
        for (int j = 0; j < T; j++) sum += sa[y][j] * sb[j][x];
        __syncthreads();
    }
    if (row < m && col < n) c[row * n + col] = sum;
}

int main() {
    const int m = 9, k = 13, n = 11;
    float a[m * k], b[k * n], c[m * n], *da, *db, *dc;
    for (int i = 0; i < m * k; i++) a[i] = (float)(i % 7);
    for (int i = 0; i < k * n; i++) b[i] = (float)(i % 5 - 2);
    cudaMalloc(&da, sizeof a);
    cudaMalloc(&db, sizeof b);
    cudaMalloc(&dc, sizeof c);
    cudaMemcpy(da, a, sizeof a, cudaMemcpyHostToDevice);
    cudaMemcpy(db, b, sizeof b, cudaMemcpyHostToDevice);
    product<<<dim3((n + T - 1) / T, (m + T - 1) / T), dim3(T, T)>>>(da, db, dc, m, k, n);
    cudaMemcpy(c, dc, sizeof c, cudaMemcpyDeviceToHost);
    for (int i = 0; i < m; i++)
        for (int j = 0; j < n; j++) {
            float want = 0;
            for (int l = 0; l < k; l++) want += a[i * k + l] * b[l * n + j];
            if (c[i * n + j] != want) return 1;
        }
    printf("%g\n", c[m * n - 1]);
    return 0;
}
