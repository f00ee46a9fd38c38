// mupac: --cpu-threshold 100
// Arrays of variable length, which C++ has not: parameters, and pointers to rows.
#include <stdio.h>
#include <stdlib.h>
int total;

static void add(int n, int m, double out[n][m], const double a[restrict n][m], double (*b)[m]) {
    for (int i = 0; i < n; i++)
        for (int j = 0; j < m; j++)
            out[i][j] = a[i][j] + b[i][j];
}

int total = 3;

int main(void) {
    int n = 64, m = 48;
    double sum = 0;
    double (*a)[m] = malloc(sizeof(double[n][m]));
    double (*b)[m] = malloc(sizeof(double[n][m]));
    double (*out)[m] = malloc(sizeof(double[n][m]));
    for (int i = 0; i < n; i++)
        for (int j = 0; j < m; j++) {
            a[i][j] = i;
            b[i][j] = 0.5 * j;
        }
    add(n, m, out, a, b);
    for (int i = 0; i < n; i++)
        sum += out[i][i % m];
    printf("%g %d\n", sum, total);
    free(a);
    free(b);
    free(out);
    return 0;
}
