// expect: nondeterministic
// Threads push nodes on a list by compare-and-swap, and the host prints the list from its head.
#include <cuda_runtime.h>
#include <cstdio>

__global__ void push(int *next, int *head) {
    int node = blockIdx.x, old = atomicAdd(head, 0), seen;
    do {
        seen = old;
        next[node] = seen;
        old = atomicCAS(head, seen, node);
    } while (old != seen);
}

int main() {
    int next[9], head = -1, *n, *h;
    cudaMalloc(&n, sizeof next);
    cudaMalloc(&h, sizeof head);
    cudaMemcpy(h, &head, sizeof head, cudaMemcpyHostToDevice);
    push<<<9, 1>>>(n, h);
    cudaMemcpy(next, n, sizeof next, cudaMemcpyDeviceToHost);
    cudaMemcpy(&head, h, sizeof head, cudaMemcpyDeviceToHost);
    for (int i = head; i != -1; i = next[i]) printf("%d ", i);
    printf("\n");
    return 0;
}
