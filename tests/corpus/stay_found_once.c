// Subscripts are looked at once as long as no copy of what they depend on changes; a kernel, the host, and another size
// each make it look again.
// mupac: --cpu-threshold 10
#include <stdio.h>
#include <stdlib.h>

static void multiply(int n, const int *row, const int *col, const double *a, const double *x, double *y) {
    for (int i = 0; i < n; i++) {
        double sum = 0;
        for (int k = row[i]; k < row[i + 1]; k++)
            sum += a[k] * x[col[k]];
        y[i] = sum;
    }
}

static void damp(int n, double *x, const double *y) {
    for (int i = 0; i < n; i++)
        x[i] = 0.5 * x[i] + 0.05 * y[i];
}

static void turn(int n, int m, int *col) {
    for (int k = 0; k < m; k++)
        col[k] = (col[k] + 7) % n;
}

int main(void) {
    int n = 400, m = 8 * n;
    int *row = malloc((n + 1) * sizeof *row), *col = malloc(m * sizeof *col);
    double *a = malloc(m * sizeof *a), *x = malloc(n * sizeof *x), *y = malloc(n * sizeof *y);
    for (int i = 0; i <= n; i++)
        row[i] = 8 * i;
    for (int k = 0; k < m; k++) {
        col[k] = (k * 37 + k / 8) % (n / 2);
        a[k] = 1.0 / (k % 7 + 1);
    }
    for (int i = 0; i < n; i++)
        x[i] = i % 5, y[i] = 0;
    for (int t = 0; t < 12; t++) {
        multiply(n, row, col, a, x, y);
        damp(n, x, y);
        if (t == 4)
            turn(n, m, col);
        if (t == 6)
            col[5] = n - 1;
        if (t == 9)
            n -= 40;
    }
    printf("%.9f %.9f\n", x[5], x[n - 1]);
    return 0;
}
