// original: program.c
// kernels: main_l8
// expect: value
// argv: 300
// stdin: abc
// origin: it is made of what threads of main_l8 wrote last at line 12 of the emitted text
#include <stdio.h>
#include <stdlib.h>

__global__ void main_l8(int n, int seen, double *y) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) y[i] = i * 0.5;
}

int main(int argc, char **argv) {
    int n = argc > 1 ? atoi(argv[1]) : 100, seen = 0, c;
    double *y = (double *)malloc(n * sizeof *y), *y_d;
    while ((c = getchar()) != EOF) seen += c;
    cudaMalloc(&y_d, n * sizeof *y);
    main_l8<<<(n + 127) / 128, 128>>>(n, seen, y_d);
    if (cudaGetLastError() != cudaSuccess) abort();
    cudaMemcpy(y, y_d, n * sizeof *y, cudaMemcpyDeviceToHost);
    cudaFree(y_d);
    double sum = 0;
    for (int i = 0; i < n; i++) sum += y[i];
    printf("%s %d %.17g\n", argv[0], n, sum);
    FILE *f = fopen("result.txt", "w");
    fprintf(f, "%g\n", y[n - 1]);
    fclose(f);
    free(y);
    return 3;
}
