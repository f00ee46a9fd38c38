// expect: host-pointer
// The struct is copied to the device, but the array it points to stays on the host's stack.
#include <cuda_runtime.h>
#include <cstdio>

struct Polynomial {
    int degree;
    const double *coefficients;
};

__global__ void evaluate(const Polynomial *p, double x, double *y) {
    double sum = 0;
    for (int k = p->degree; k >= 0; k--) sum = sum * x + p->coefficients[k];
    *y = sum;
}

int main() {
    const double c[3] = {1, 0, 2};
    Polynomial host = {2, c}, *p;
    double *y, got = 0;
    cudaMalloc(&p, sizeof host);
    cudaMalloc(&y, sizeof got);
    cudaMemcpy(p, &host, sizeof host, cudaMemcpyHostToDevice);
    evaluate<<<1, 1>>>(p, 2.0, y);
    cudaMemcpy(&got, y, sizeof got, cudaMemcpyDeviceToHost);
    printf("%d\n", got == 9);
    return 0;
}
