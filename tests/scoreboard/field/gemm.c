/* Products of square matrices by darknet's own function: gemm N TIMES. */
#include <stdio.h>
#include <stdlib.h>

void gemm_cpu(int, int, int, int, int, float, float *, int, float *, int, float, float *, int);

int main(int argc, char **argv) {
    int n = argc > 1 ? atoi(argv[1]) : 768, times = argc > 2 ? atoi(argv[2]) : 4;
    float *a = malloc(sizeof(float) * n * n), *b = malloc(sizeof(float) * n * n), *c = malloc(sizeof(float) * n * n);
    for (int i = 0; i < n * n; ++i) {
        a[i] = i % 13 * 0.25f;
        b[i] = i % 7 * 0.5f;
        c[i] = 0;
    }
    for (int t = 0; t < times; ++t) gemm_cpu(0, 0, n, n, n, 1, a, n, b, n, 1, c, n);
    printf("%f %f\n", c[0], c[n * n - 1]);
    free(a);
    free(b);
    free(c);
    return 0;
}
