#include <math.h>
#include <stdio.h>
#include <stdlib.h>
double **alloc2d(int n) {
    double **a = malloc(n * sizeof(double *));
    for (int i = 0; i < n; i++) a[i] = calloc(n, sizeof(double));
    return a;
}
int main(int argc, char **argv) {
    int n = argc > 1 ? atoi(argv[1]) : 400;
    double tol = 1e-4;
    int maxit = 500;
    double **u = alloc2d(n), **v = alloc2d(n);
    for (int i = 0; i < n; i++) u[0][i] = v[0][i] = 100.0;
    int it = 0;
    double diff = 1;
    while (diff > tol && it < maxit) {
        diff = 0;
        for (int i = 1; i < n - 1; i++)
            for (int j = 1; j < n - 1; j++) {
                v[i][j] = 0.25 * (u[i - 1][j] + u[i + 1][j] + u[i][j - 1] + u[i][j + 1]);
                double d = fabs(v[i][j] - u[i][j]);
                if (d > diff) diff = d;
            }
        double **t = u;
        u = v;
        v = t;
        it++;
    }
    printf("%d %g %g\n", it, diff, u[n / 4][n / 2]);
}
