// expect: race
// The last steps of a warp's reduction go through volatile shared memory without __syncwarp; lanes are not in lock step since Volta, and volatile orders nothing between them.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void sum32(const int *in, int *out) {
    __shared__ volatile int part[32];
    int lane = threadIdx.x;
    part[lane] = in[lane];
    __syncwarp();
    if (lane < 16) part[lane] += part[lane + 16];
    if (lane < 8) part[lane] += part[lane + 8];
    if (lane < 4) part[lane] += part[lane + 4];
    if (lane < 2) part[lane] += part[lane + 2];
    if (lane < 1) *out = part[0] + part[1];
}

int main() {
    int values[32], *in, *out, sum = -1;
    for (int &v : values) v = 0;
    cudaMalloc((void **)&in, sizeof values);
    cudaMalloc((void **)&out, sizeof(int));
    cudaMemcpy(in, values, sizeof values, cudaMemcpyHostToDevice);
    sum32<<<1, 32>>>(in, out);
    cudaMemcpy(&sum, out, sizeof sum, cudaMemcpyDeviceToHost);
    printf("sum %d\n", sum);
    return sum != 0;
}
