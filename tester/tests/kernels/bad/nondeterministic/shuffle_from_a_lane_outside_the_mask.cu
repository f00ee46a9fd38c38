// expect: nondeterministic
// The lower half of a warp shuffles among itself, and its last lane takes the value of a lane that is not in the mask.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void neighbours(const int *x, int *y) {
    int t = threadIdx.x;
    if (t < 16) {
        int next = __shfl_down_sync(0x0000ffffu, x[t], 1);
        y[t] = next - x[t];
    }
}

int main() {
    int x[32], y[16], *x_device, *y_device;
    for (int i = 0; i < 32; i++) x[i] = 3 * i;
    cudaMalloc(&x_device, sizeof x);
    cudaMalloc(&y_device, sizeof y);
    cudaMemcpy(x_device, x, sizeof x, cudaMemcpyHostToDevice);
    neighbours<<<1, 32>>>(x_device, y_device);
    cudaMemcpy(y, y_device, sizeof y, cudaMemcpyDeviceToHost);
    int sum = 0;
    for (int d : y) sum += d;
    printf("%d\n", sum);
    return 0;
}
