// expect: pass
// A two-dimensional tile with its halo is loaded by a loop in which some threads load two cells and some one.
#include <cuda_runtime.h>
#include <cstdio>

const int B = 6, W = B + 2, N = 12;

__global__ void step(const double *u, double *v) {
    __shared__ double s[W * W];
    int t = threadIdx.y * B + threadIdx.x;
    int x0 = blockIdx.x * B, y0 = blockIdx.y * B;
    for (int k = t; k < W * W; k += B * B) {
        int x = x0 + k % W - 1, y = y0 + k / W - 1;
        s[k] = x < 0 || y < 0 || x >= N || y >= N ? 0.0 : u[y * N + x];
    }
    __syncthreads();
    int c = (threadIdx.y + 1) * W + threadIdx.x + 1;
    v[(y0 + threadIdx.y) * N + x0 + threadIdx.x] = s[c - 1] + s[c + 1] + s[c - W] + s[c + W] - 4 * s[c];
}

int main() {
    double u[N * N], v[N * N], *du, *dv;
    for (int i = 0; i < N * N; i++) u[i] = i % N + 10.0 * (i / N);
    cudaMalloc(&du, sizeof u);
    cudaMalloc(&dv, sizeof v);
    cudaMemcpy(du, u, sizeof u, cudaMemcpyHostToDevice);
    step<<<dim3(N / B, N / B), dim3(B, B)>>>(du, dv);
    cudaMemcpy(v, dv, sizeof v, cudaMemcpyDeviceToHost);
    for (int y = 1; y < N - 1; y++)
        for (int x = 1; x < N - 1; x++)
            if (v[y * N + x] != 0) return 1;
    printf("%g\n", v[0]);
    return v[0] != u[1] + u[N];
}
