// expect: race
// Two threads write two bit-fields of one storage unit, which is one memory location in C++.
#include <cuda_runtime.h>
#include <cstdio>

struct Cell {
    unsigned low : 5;
    unsigned high : 7;
};

__global__ void fill(Cell *cells) {
    int i = threadIdx.x / 2;
    if (threadIdx.x % 2) cells[i].high = i;
    else cells[i].low = i;
}

int main() {
    Cell host[20] = {}, *cells;
    cudaMalloc(&cells, sizeof host);
    cudaMemcpy(cells, host, sizeof host, cudaMemcpyHostToDevice);
    fill<<<1, 40>>>(cells);
    cudaMemcpy(host, cells, sizeof host, cudaMemcpyDeviceToHost);
    int good = 0;
    for (unsigned i = 0; i < 20; i++) good += host[i].low == i && host[i].high == i;
    printf("%d\n", good);
    return good != 20;
}
