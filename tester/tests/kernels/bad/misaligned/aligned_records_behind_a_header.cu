// expect: misaligned
// Records that are declared with an alignment of 16 bytes follow a header of 8 bytes in one allocation.
#include <cuda_runtime.h>
#include <cstdio>

struct __align__(16) Particle {
    float x, y, z, mass;
};

__global__ void move(char *file, int n, float by) {
    Particle *particles = (Particle *)(file + 8);
    int i = threadIdx.x;
    if (i < n) {
        Particle p = particles[i];
        p.x += by;
        particles[i] = p;
    }
}

int main() {
    const int n = 20;
    char *file;
    float x;
    cudaMalloc(&file, 8 + n * sizeof(Particle));
    cudaMemset(file, 0, 8 + n * sizeof(Particle));
    move<<<1, 32>>>(file, n, 1.5f);
    cudaMemcpy(&x, file + 8, sizeof x, cudaMemcpyDeviceToHost);
    printf("%g\n", x);
    return x != 1.5f;
}
