// Functions keep what they compute with in variables of file scope, as translations from Fortran do; what calls leave there
// nobody reads, neither where a loop calls them nor after a kernel.
#include <stdio.h>

#define N 64

static double square, row[N];
static double scratch[8];
static double x[N][N], y[N][N], out[N];

double shifted(double v) {
    square = v * v;
    return square + 1;
}

double folded(double v) {
    double sum = 0;
    for (int i = 0; i < 8; i++)
        scratch[i] = v * i;
    for (int i = 0; i < 8; i++)
        sum += scratch[i] * scratch[7 - i];
    return shifted(v) + sum;
}

void all(int n, const double *restrict a, double *restrict b) {
    for (int i = 0; i < n; i++)
        b[i] = a[i] > 3 ? folded(a[i]) : shifted(a[i]);
}

static void turned(int n) {
    for (int j = 0; j < n; j++) {
        for (int i = 0; i < n; i++)
            row[i] = x[i][j];
        for (int i = 1; i < n - 1; i++)
            y[j][i] = row[i - 1] + row[i + 1];
    }
}

void step(int n) {
    turned(n);
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++)
            x[i][j] += 0.5 * y[i][j];
}

int main(void) {
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++)
            x[i][j] = i % 7 + j % 5;
    for (int t = 0; t < 3; t++)
        step(N);
    all(N, x[3], out);
    double sum = 0;
    for (int i = 0; i < N; i++)
        sum += out[i];
    printf("%g\n", sum);
    return 0;
}
