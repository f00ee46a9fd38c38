// mupac: --cpu-threshold 100
/* Rows of variable length behind pointers: allocated by the size of the whole matrix, declared by a macro and assigned
   later, and with a length that changes after the declaration. */
#include <stdio.h>
#include <stdlib.h>

#define MATRIX(name, rows, columns) double (*name)[rows][columns]
#define NEW_MATRIX(rows, columns) (double (*)[rows][columns])malloc(sizeof(double[rows][columns]))

static void scale(int n, int m, double a[n][m], double by) {
    for (int i = 0; i < n; i++)
        for (int j = 0; j < m; j++)
            a[i][j] *= by;
}

int main(void) {
    int n = 60, m = 45;
    double (*a)[m] = malloc(sizeof(double[n][m]));
    MATRIX(b, n, m);
    b = NEW_MATRIX(n, m);
    if (!a || !b) return 1;
    for (int i = 0; i < n; i++)
        for (int j = 0; j < m; j++)
            a[i][j] = i - 0.5 * j;
    for (int i = 0; i < n; i++)
        for (int j = 0; j < m; j++)
            (*b)[i][j] = a[i][m - 1 - j];
    scale(n, m, *b, 3);

    int length = 16;
    double (*c)[length] = malloc(sizeof(double[n][length]));
    length = 8;
    for (int i = 0; i < n; i++)
        for (int j = 0; j < length; j++)
            c[i][j] = i + j;

    double sum = 0;
    for (int i = 0; i < n; i++) sum += a[i][i % m] + (*b)[i][0] + c[i][7];
    printf("%g %g %zu\n", sum, (*b)[n - 1][m - 1], sizeof *c);
    free(a);
    free(b);
    free(c);
    return 0;
}
