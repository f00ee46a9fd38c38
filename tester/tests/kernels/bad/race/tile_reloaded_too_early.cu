// expect: race
// The tiled product lacks the barrier at the end of the loop: a fast warp loads the next tile while a slow one still reads this one.
#include <cuda_runtime.h>
#include <cstdio>

const int T = 8, N = 24;

__global__ void product(const float *a, const float *b, float *c) {
    __shared__ float sa[T][T], sb[T][T];
    int x = threadIdx.x, y = threadIdx.y;
    int column = blockIdx.x * T + x, row = blockIdx.y * T + y;
    float sum = 0;
    for (int t = 0; t < N / T; t++) {
        sa[y][x] = a[row * N + t * T + x];
        sb[y][x] = b[(t * T + y) * N + column];
        __syncthreads();
        for (int k = 0; k < T; k++) sum += sa[y][k] * sb[k][x];
    }
    c[row * N + column] = sum;
}

int main() {
    static float ones[N * N], result[N * N];
    for (float &v : ones) v = 1;
    float *a, *c;
    cudaMalloc(&a, sizeof ones);
    cudaMalloc(&c, sizeof ones);
    cudaMemcpy(a, ones, sizeof ones, cudaMemcpyHostToDevice);
    product<<<dim3(N / T, N / T), dim3(T, T)>>>(a, a, c);
    cudaMemcpy(result, c, sizeof result, cudaMemcpyDeviceToHost);
    for (float v : result)
        if (v != N) return 1;
    printf("%d\n", N);
    return 0;
}
