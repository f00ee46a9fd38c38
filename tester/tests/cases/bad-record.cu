// original: particles.c
// record: 32 8 struct particle: double x[2]@8, bool alive@24
// entry: void move(int n, double dt, record double p[n])
// kernels: move_l5
// expect: value
// origin: thread (0,0,0) of block (0,0,0) of move_l5 wrote it last at line 13 of the emitted text
// smallest: double p_field1[1] = {1.0};
#include <stdbool.h>
struct particle { char kind; double x[2]; bool alive; };

__global__ void move_l5(int n, double dt, struct particle *p) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n && p[i].alive) p[i].x[1] = p[i].x[0] + dt * p[i].x[1];
}

void move(int n, double dt, struct particle *p) {
    if (n <= 0) return;
    struct particle *d;
    cudaMalloc(&d, n * sizeof *d);
    cudaMemcpy(d, p, n * sizeof *d, cudaMemcpyHostToDevice);
    move_l5<<<(n + 63) / 64, 64>>>(n, dt, d);
    cudaMemcpy(p, d, n * sizeof *d, cudaMemcpyDeviceToHost);
    cudaFree(d);
}
