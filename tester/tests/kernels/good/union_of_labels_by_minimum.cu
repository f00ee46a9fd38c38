// expect: pass
// Labels spread along the edges by atomicMin and atomic reads only, so that the loop in the kernel may see old values and still ends right.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void spread(const int2 *edges, int n, int *label, int *changed) {
    int e = threadIdx.x;
    if (e >= n) return;
    int a = atomicMin(&label[edges[e].x], 1 << 20), b = atomicMin(&label[edges[e].y], 1 << 20);
    int least = a < b ? a : b;
    if (atomicMin(&label[edges[e].x], least) > least) atomicOr(changed, 1);
    if (atomicMin(&label[edges[e].y], least) > least) atomicOr(changed, 1);
}

int main() {
    int2 host[6] = {{0, 3}, {3, 7}, {1, 2}, {2, 5}, {7, 8}, {5, 4}}, *edges;
    int label[9], *l, *c, changed = 1;
    for (int i = 0; i < 9; i++) label[i] = i;
    cudaMalloc(&edges, sizeof host);
    cudaMalloc(&l, sizeof label);
    cudaMalloc(&c, sizeof changed);
    cudaMemcpy(edges, host, sizeof host, cudaMemcpyHostToDevice);
    cudaMemcpy(l, label, sizeof label, cudaMemcpyHostToDevice);
    while (changed) {
        cudaMemset(c, 0, sizeof changed);
        spread<<<1, 8>>>(edges, 6, l, c);
        cudaMemcpy(&changed, c, sizeof changed, cudaMemcpyDeviceToHost);
    }
    cudaMemcpy(label, l, sizeof label, cudaMemcpyDeviceToHost);
    for (int v : label) printf("%d ", v);
    printf("\n");
    return label[8] != 0 || label[4] != 1 || label[6] != 6;
}
