/* Calls the functions of tests/corpus/rows_of_pointers.c with rows of every kind. */
#include <stdio.h>
#include <stdlib.h>

static double **block(int n, int m) {
    double **a = malloc(n * sizeof *a);
    a[0] = calloc((size_t)n * m, sizeof **a);
    for (int i = 1; i < n; i++)
        a[i] = a[0] + (size_t)i * m;
    return a;
}

int main(void) {
    enum { N = 30, M = 40 };
    double **u = block(N, M), **v = block(N, M), *a[N], *b[M], *c[N], by[N];
    for (int i = 0; i < N; i++) {
        a[i] = calloc(M, sizeof(double)), c[i] = calloc(N, sizeof(double)), by[i] = i % 5;
        for (int j = 0; j < M; j++)
            u[i][j] = v[i][j] = i * j % 7, a[i][j] = i - j;
    }
    for (int k = 0; k < M; k++) {
        b[k] = calloc(N, sizeof(double));
        b[k][k % N] = k;
    }
    for (int t = 0; t < 3; t++) {
        smooth(u, v, N, M);
        double **other = u;
        u = v, v = other;
    }
    multiply(a, b, c, N, M, N);
    scale(a, by, N, M);
    printf("%g %g %g\n", sum(u, N, M), sum(a, N, M), sum(c, N, N));

    double *same[3] = {u[2], u[2], v[4]}, *from_one[4] = {NULL, u[1] - 1, u[2] - 1, u[3] - 1};
    scale(same, by, 3, M);
    multiply(u, same, u, 2, 3, M);
    multiply(0, 0, 0, 0, 4, 4);
    multiply(u, same, v, 4, 0, 0);
    lower(from_one, 3);
    every_other(v, 9, M);
    ragged(u, (int[]){3, 0, M, 7}, 4);
    printf("%g %g\n", sum(u, N, M), sum(v, N, M));

    int wanted[3] = {1, 0, 1};
    struct table t = {M, u};
    chosen(NULL, 0, NULL, NULL);
    chosen(&t, 3, wanted, by);
    printf("%g %g\n", u[2][7], by[2]);

    float *points[N], *centres[3];
    int member[N], *numbers[N] = {0};
    struct matrix p = {N, 4, points}, q = {3, 4, centres};
    for (int i = 0; i < N; i++) {
        points[i] = malloc(4 * sizeof(float));
        numbers[i] = i % 3 ? calloc(9, sizeof(int)) : NULL;
        member[i] = i % 3;
        for (int j = 0; j < 4; j++)
            points[i][j] = (i * 5 + j * 3) % 11;
    }
    for (int k = 0; k < 3; k++)
        centres[k] = points[10 * k + 1];
    some(numbers, member, N, 9);
    assign(points, N, 4, centres, 3, member);
    add(&p, &p, &p);
    add(&q, &p, &p);
    printf("%d %d %d %g %g\n", member[7], member[28], numbers[4][7], points[3][2], points[21][3]);
}
