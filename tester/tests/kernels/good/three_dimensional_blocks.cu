// expect: pass
// The flat index of a thread in a three-dimensional block and grid, with a guard in each dimension.
#include <cuda_runtime.h>
#include <cstdio>

struct Box {
    int x, y, z;
};

__global__ void number(unsigned short *v, Box size) {
    int x = blockIdx.x * blockDim.x + threadIdx.x;
    int y = blockIdx.y * blockDim.y + threadIdx.y;
    int z = blockIdx.z * blockDim.z + threadIdx.z;
    if (x >= size.x || y >= size.y || z >= size.z) return;
    v[(z * size.y + y) * size.x + x] = (unsigned short)(x + 16 * y + 256 * z);
}

int main() {
    const Box size = {7, 3, 5};
    unsigned short host[7 * 3 * 5], *v;
    cudaMalloc(&v, sizeof host);
    number<<<dim3(2, 2, 2), dim3(4, 2, 3)>>>(v, size);
    cudaMemcpy(host, v, sizeof host, cudaMemcpyDeviceToHost);
    for (int i = 0; i < 105; i++)
        if (host[i] != i % 7 + 16 * (i / 7 % 3) + 256 * (i / 21)) return 1;
    printf("%d\n", host[104]);
    return 0;
}
