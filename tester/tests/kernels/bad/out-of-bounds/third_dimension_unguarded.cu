// expect: out-of-bounds
// The grid is rounded up in all three dimensions, but the guard forgets z.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void fill(unsigned char *v, int nx, int ny, int nz) {
    int x = blockIdx.x * blockDim.x + threadIdx.x;
    int y = blockIdx.y * blockDim.y + threadIdx.y;
    int z = blockIdx.z * blockDim.z + threadIdx.z;
    if (x < nx && y < ny) v[(z * ny + y) * nx + x] = (unsigned char)(x + y + z);
}

int main() {
    const int nx = 6, ny = 5, nz = 3;
    unsigned char *v, host[nx * ny * nz];
    cudaMalloc(&v, sizeof host);
    fill<<<dim3(2, 2, 2), dim3(4, 4, 2)>>>(v, nx, ny, nz);
    cudaMemcpy(host, v, sizeof host, cudaMemcpyDeviceToHost);
    for (int i = 0; i < nx * ny * nz; i++)
        if (host[i] != i % nx + i / nx % ny + i / nx / ny) return 1;
    printf("filled\n");
    return 0;
}
