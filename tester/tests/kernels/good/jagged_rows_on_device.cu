// expect: pass
// An array of pointers to rows lies on the device, and every pointer in it is one of the device.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void row_sums(int *const *rows, const int *lengths, int n, int *out) {
    int r = blockIdx.x;
    int v = 0;
    for (int i = threadIdx.x; i < lengths[r]; i += blockDim.x) v += rows[r][i];
    atomicAdd(&out[r], v);
}

int main() {
    int *pointers[4], **rows, lengths[4], *dl, *out, got[4];
    for (int r = 0; r < 4; r++) {
        int row[16];
        lengths[r] = 3 * r + 1;
        for (int i = 0; i < lengths[r]; i++) row[i] = r + 1;
        cudaMalloc(&pointers[r], lengths[r] * sizeof(int));
        cudaMemcpy(pointers[r], row, lengths[r] * sizeof(int), cudaMemcpyHostToDevice);
    }
    cudaMalloc(&rows, sizeof pointers);
    cudaMalloc(&dl, sizeof lengths);
    cudaMalloc(&out, sizeof got);
    cudaMemset(out, 0, sizeof got);
    cudaMemcpy(rows, pointers, sizeof pointers, cudaMemcpyHostToDevice);
    cudaMemcpy(dl, lengths, sizeof lengths, cudaMemcpyHostToDevice);
    row_sums<<<4, 4>>>(rows, dl, 4, out);
    cudaMemcpy(got, out, sizeof got, cudaMemcpyDeviceToHost);
    for (int r = 0; r < 4; r++) {
        if (got[r] != (3 * r + 1) * (r + 1)) return 1;
        cudaFree(pointers[r]);
    }
    printf("%d\n", got[3]);
    return 0;
}
