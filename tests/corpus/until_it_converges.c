// mupac: --cpu-threshold 0 --check-level=quick
/* As people write it: rows allocated one by one and filled at once, a loop until something converges that ends after so many
   steps at the latest, and rows swapped by their tables. At its own size the program is too long for a check. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv) {
    int n = argc > 1 ? atoi(argv[1]) : 480, most = 600, it = 0;
    double **u = malloc(n * sizeof(double *)), **v = malloc(n * sizeof(double *)), diff = 1, sum = 0;
    for (int i = 0; i < n; i++) {
        u[i] = malloc(n * sizeof(double));
        for (int j = 0; j < n; j++) u[i][j] = i == 0 ? 100.0 : 0.0;
    }
    for (int i = 0; i < n; i++) {
        v[i] = malloc(n * sizeof(double));
        for (int j = 0; j < n; j++) v[i][j] = u[i][j];
    }
    while (diff > 1e-9 && it < most) {
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
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) sum += u[i][j];
    printf("%d steps, %.6f\n", it, sum);
    return 0;
}
