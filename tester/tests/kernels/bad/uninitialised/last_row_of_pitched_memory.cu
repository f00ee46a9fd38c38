// expect: uninitialised
// cudaMemset2D clears one row too few of the pitched image, and the kernel reads all rows.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void count(const unsigned char *image, size_t pitch, int width, int height, int *set) {
    int x = threadIdx.x, y = threadIdx.y;
    if (x < width && y < height && image[y * pitch + x] > 127) atomicAdd(set, 1);
}

int main() {
    const int width = 11, height = 6;
    unsigned char *image;
    size_t pitch;
    int *set, got;
    cudaMallocPitch(&image, &pitch, width, height);
    cudaMemset2D(image, pitch, 0, width, height - 1);
    cudaMalloc(&set, sizeof(int));
    cudaMemset(set, 0, sizeof(int));
    count<<<1, dim3(16, 8)>>>(image, pitch, width, height, set);
    cudaMemcpy(&got, set, sizeof got, cudaMemcpyDeviceToHost);
    printf("%d\n", got >= 0);
    return 0;
}
