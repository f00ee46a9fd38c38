// expect: host-pointer
// The nodes of a list are copied in one piece, so that their links still hold addresses of the host.
#include <cuda_runtime.h>
#include <cstdio>

struct Node {
    int value;
    Node *next;
};

__global__ void length(const Node *head, int *count) {
    int n = 0;
    for (const Node *p = head; p; p = p->next) n++;
    *count = n;
}

int main() {
    Node list[4], *device;
    for (int i = 0; i < 4; i++) list[i] = {i, i < 3 ? &list[i + 1] : nullptr};
    int *count, got = 0;
    cudaMalloc(&device, sizeof list);
    cudaMalloc(&count, sizeof got);
    cudaMemcpy(device, list, sizeof list, cudaMemcpyHostToDevice);
    length<<<1, 1>>>(device, count);
    cudaMemcpy(&got, count, sizeof got, cudaMemcpyDeviceToHost);
    printf("%d\n", got);
    return got != 4;
}
