// expect: pass
// A pitched image is cleared, filled and copied by rows; its padding is never touched.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void frame(unsigned short *image, size_t pitch, int width, int height) {
    int x = blockIdx.x * blockDim.x + threadIdx.x, y = blockIdx.y * blockDim.y + threadIdx.y;
    if (x >= width || y >= height) return;
    unsigned short *row = (unsigned short *)((char *)image + y * pitch);
    if (x == 0 || y == 0 || x == width - 1 || y == height - 1) row[x] += 9;
}

int main() {
    const int width = 13, height = 7;
    unsigned short host[height][width], *image;
    size_t pitch;
    cudaMallocPitch(&image, &pitch, width * sizeof(short), height);
    cudaMemset2D(image, pitch, 0, width * sizeof(short), height);
    frame<<<dim3(2, 2), dim3(8, 4)>>>(image, pitch, width, height);
    cudaMemcpy2D(host, sizeof host[0], image, pitch, sizeof host[0], height, cudaMemcpyDeviceToHost);
    int sum = 0;
    for (auto &row : host)
        for (unsigned short v : row) sum += v;
    printf("%d\n", sum);
    return sum != 9 * 2 * (width + height - 2);
}
