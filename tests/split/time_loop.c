#include <complex.h>
#include <stdio.h>
#include <stdlib.h>

/* C++ has no complex numbers of this kind, so the file stays C; the arrays stay on the device all the same. */
static double complex turned(double complex z) {
    return z * (1.0 + 2.0 * I);
}

static void step(int n, const double *u, double *v) {
    for (int i = 1; i < n - 1; i++)
        v[i] = u[i] + 0.25 * (u[i - 1] - 2 * u[i] + u[i + 1]);
}

int main(void) {
    int n = 500;
    double *u = malloc(n * sizeof *u), *v = malloc(n * sizeof *v);
    for (int i = 0; i < n; i++)
        u[i] = v[i] = i % 17;
    for (int t = 0; t < 10; t++) {
        step(n, u, v);
        step(n, v, u);
        if (t % 5 == 0)
            printf("%d: %.9f\n", t, u[n / 2]);
    }
    double complex z = turned(u[1] + u[2] * I);
    printf("%.6f %.6f\n", creal(z), cimag(z));
    free(u);
    free(v);
    return 0;
}
