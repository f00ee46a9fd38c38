// mupac: --cpu-threshold 100
/* A macro writes the declarators of rows with variable length: the parameter is spelled anew, sizes in their order. */
#include <stdio.h>
#include <stdlib.h>

#define MATRIX(name, rows, columns) name[rows + 0][columns + 0]
#define VECTOR(name, count) name[count]

typedef float number;

void product(int n, int m, number MATRIX(a, n, m), number VECTOR(x, m), number VECTOR(y, n)) {
    for (int i = 0; i < n; i++) {
        y[i] = 0;
        for (int j = 0; j < m; j++)
            y[i] += a[i][j] * x[j];
    }
}

void transpose(int n, int m, number MATRIX(a, n, m), number MATRIX(b, m, n)) {
    for (int i = 0; i < n; i++)
        for (int j = 0; j < m; j++)
            b[j][i] = a[i][j];
}

int main(void) {
    int n = 120, m = 90;
    number (*a)[m] = malloc(n * sizeof *a);
    number (*b)[n] = malloc(m * sizeof *b);
    number *x = malloc(m * sizeof *x), *y = malloc(n * sizeof *y);
    for (int j = 0; j < m; j++) {
        x[j] = j % 7;
        for (int i = 0; i < n; i++) a[i][j] = i - 2 * j;
    }
    product(n, m, a, x, y);
    transpose(n, m, a, b);
    printf("%g %g %g\n", y[0], y[n - 1], b[m - 1][n / 2]);
    free(a);
    free(b);
    free(x);
    free(y);
    return 0;
}
