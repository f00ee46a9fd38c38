/* Pointers to rows of variable length beside other variables of one declaration. */
// mupac: --cpu-threshold 0
#include <stdlib.h>
#include <stdio.h>
typedef struct { int a; } S;
int main(void) {
    int n = 30, m = 7;
    double (*a)[n] = malloc(sizeof(double[n][n])), *b = malloc(n * 8), c = 3, v[4] = { 1, 2 }, *const q = b;
    const float *z = 0, (*r)[m] = calloc(4, sizeof *r), *y = r[1];
    S *s = malloc(sizeof *s), (*t)[m] = malloc(3 * sizeof *t), u = { 4 };
    unsigned long w = 5, (*x)[n] = malloc(n * sizeof *x);
    for (int i = 0; i < n; i++) { b[i] = c; for (int j = 0; j < n; j++) { a[i][j] = i + j; x[i][j] = i * w; } }
    t[2][3] = u; *s = t[2][3];
    printf("%g %g %g %d %d %lu %d %d\n", a[3][4], q[3], v[1], s->a, z == 0, x[4][5], y == r[1], (int)sizeof *a);
    return 0;
}
