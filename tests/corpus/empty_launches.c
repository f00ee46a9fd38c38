// mupac: --cpu-threshold 0
/* Loops that may have nothing to do while others of the region have: no kernel may be launched without blocks. */
#include <stdio.h>

static void step(long n, const double *from, double *to) {
    for (int i = n - 1; i > 1; i--)
        to[i - 1] = from[i] * 0.5 + i;
}

void halves(long n, int steps, double *a, double *b) {
    for (int t = 0; t < steps; t++) {
        step(n, a, b);
        step(n / 2, b, a);
    }
}

void rows(int n, int m, int is_wide, double *x, double *y) {
    for (int i = 0; i < n; i++) {
        x[i] = i;
        if (is_wide)
            for (int j = 0; j < m; j++)
                y[i * m + j] = x[i] + j;
    }
}

void parts(int n, int m, int is_wide, double *y) {
    if (n > 3)
        for (int i = 0; i < n; i++)
            for (int j = 0; j < m; j++)
                if (is_wide)
                    y[i * m + j] = i - j;
}

int main(void) {
    static double a[64], b[64], x[64], y[640];
    for (int i = 0; i < 64; i++)
        a[i] = b[i] = i * 0.25;
    for (long n = 0; n < 9; n++)
        halves(n, 2, a, b);
    rows(64, 0, 0, x, y);
    rows(64, 0, 1, x, y);
    rows(64, 10, 0, x, y);
    rows(64, 10, 1, x, y);
    parts(64, 0, 1, y);
    parts(64, 10, 0, y);
    parts(9, 3, 1, y);
    double sum = 0;
    for (int i = 0; i < 64; i++)
        sum += a[i] + b[i] + x[i] + y[i * 10];
    printf("%.3f\n", sum);
    return 0;
}
