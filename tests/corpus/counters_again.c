// mupac: --cpu-threshold 0
#include <stdio.h>

// Counters that also count elsewhere, or hold what someone computes there.
static void planes(int n, int m, double *x, double *y) {
    int i, j, t;
    for (i = 0; i < n; i++) {
        t = i * m;
        for (j = 0; j < m; j++)
            x[t + j] = y[t + j] * 2;
    }
    j = 5;
    for (i = 0; i < n; i++)
        y[i * m + j] = x[i * m + j] + 1;
}

// `k` and `t` are given before the first loop, and by each iteration of the second.
static void shifted(int n, double *x, double *y) {
    int m, i, k;
    double t;
    k = 0;
    t = 2;
    for (i = 0; i < n; i++)
        y[i] = x[i + k] * t;
    for (m = 1; m < 5; m++) {
        k = m * n;
        t = m;
        for (i = 0; i < n; i++)
            y[i + k] = x[i] + k * t;
    }
}

// Here somebody reads what is left, also where the loop does not run.
static int left(int n, double *x, const double *y) {
    int m, i, k = 3;
    for (m = 1; m < 5; m++) {
        k = m * n;
        for (i = 0; i < n; i++)
            x[i + k] += y[i] + k;
    }
    return k + i;
}

int main(void) {
    static double x[400], y[400];
    for (int i = 0; i < 400; i++)
        y[i] = i % 7;
    planes(30, 10, x, y);
    shifted(50, x, y);
    double sum = left(40, x, y);
    sum = sum * 1000 + left(0, x, y);
    for (int i = 0; i < 400; i++)
        sum += (x[i] - y[i]) * (i % 9);
    printf("%.12g\n", sum);
    return 0;
}
