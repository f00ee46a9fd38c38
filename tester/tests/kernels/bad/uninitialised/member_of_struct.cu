// expect: uninitialised
// Of each particle the host copies the positions only; the kernel also reads the velocities.
#include <cuda_runtime.h>
#include <cstdio>

struct Particle {
    float position, velocity;
};

__global__ void move(Particle *p, float dt) { p[threadIdx.x].position += dt * p[threadIdx.x].velocity; }

int main() {
    Particle *p;
    float positions[9] = {};
    cudaMalloc(&p, 9 * sizeof(Particle));
    cudaMemcpy2D(p, sizeof(Particle), positions, sizeof(float), sizeof(float), 9, cudaMemcpyHostToDevice);
    move<<<1, 9>>>(p, 0.0f);
    cudaMemcpy2D(positions, sizeof(float), p, sizeof(Particle), sizeof(float), 9, cudaMemcpyDeviceToHost);
    printf("moved\n");
    cudaFree(p);
    return 0;
}
