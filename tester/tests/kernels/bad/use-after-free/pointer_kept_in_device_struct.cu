// expect: use-after-free
// A list of rows lives on the device; one row is freed, but its pointer stays in the list and the kernel follows it.
#include <cuda_runtime.h>
#include <cstdio>

struct Row {
    int *cells;
    int length;
};

__global__ void sum(const Row *rows, int n, int *out) {
    int r = threadIdx.x;
    if (r >= n) return;
    int s = 0;
    for (int i = 0; i < rows[r].length; i++) s += rows[r].cells[i];
    out[r] = s;
}

int main() {
    Row host[3], *rows;
    int *out, got[3];
    for (int r = 0; r < 3; r++) {
        host[r].length = 4 + r;
        cudaMalloc(&host[r].cells, host[r].length * sizeof(int));
        cudaMemset(host[r].cells, 0, host[r].length * sizeof(int));
    }
    cudaMalloc(&rows, sizeof host);
    cudaMalloc(&out, sizeof got);
    cudaMemcpy(rows, host, sizeof host, cudaMemcpyHostToDevice);
    cudaFree(host[1].cells);
    sum<<<1, 32>>>(rows, 3, out);
    cudaMemcpy(got, out, sizeof got, cudaMemcpyDeviceToHost);
    printf("%d %d\n", got[0], got[2]);
    return 0;
}
