/* The first slot of a `for` sets what code behind the loop needs: the host sets it before the kernel runs. */
// mupac: --cpu-threshold 0
#include <stdio.h>

double sum(const double *x, int n) {
    int i;
    double s;
    for (i = 0, s = 0.0; i < n; ++i) s += x[i];
    return s;
}

int half(const double *x, double *y, int n) {
    int i, m;
    for (i = 0, m = n / 2; i < m; ++i) y[i] = x[i] + 1;
    return m;
}

double after(const double *x, double *y, int n) {
    int i;
    const double *p;
    for (p = x + 1, i = 0; i < n; ++i) y[i] = p[i] * 2;
    return *p + i;
}

/* What is set first is read before the loop writes it. */
double before(double *y, const double *x, int n) {
    int i;
    double s;
    if (n < 1) return 0;
    for (s = y[0], i = 0; i < n; ++i) {
        y[i] = 1;
        s += x[i];
    }
    return s;
}

int parameter(const double *x, double *y, int n, int m) {
    int i;
    for (n = m, i = 1; i < n; i++) y[i] = x[i - 1];
    return n;
}

double either(const double *x, int n, int how) {
    int i;
    double s, t = 1;
    if (how)
        for (i = 0, s = 1; i < n; i++) s += x[i];
    else
        for (i = n - 1, s = 2, t = 3; i >= 0; i--) s += x[i] * 2;
    return s + t;
}

/* Two values of which one starts as the other. */
double chained(const double *x, int n) {
    int i, least;
    double s, t;
    for (t = 4, s = t, i = least = 0; i < n; i++) {
        s += x[i];
        t += x[i] * x[i];
    }
    return s / t + least;
}

/* A loop follows that reads the result. */
void normalised(double *x, int n) {
    int i;
    double s;
    for (i = 0, s = 0; i < n; i++) s += x[i];
    for (i = 0; i < n; i++) x[i] /= s;
}

/* Each row has a sum of its own. */
void rows(const double *x, double *y, int n, int m) {
    int i, j;
    double s;
    for (j = 0; j < m; ++j) {
        for (i = 0, s = 0.0; i < n; ++i) s += x[j * n + i];
        y[j] = s / n;
    }
}

/* What is set first also changes from iteration to iteration, and is needed behind the loop. */
int running(const int *x, int *y, int n) {
    int i, k;
    for (i = 0, k = 5; i < n; i++, k += 3) y[i] = x[i] + k;
    return k;
}

/* What is set first reads itself, or what is set behind it. */
int itself(const double *x, double *y, int n) {
    int i;
    for (i = 0, n = n - 1; i < n; i++) y[i] = x[i + 1];
    return n;
}

int older(const double *x, double *y, int n, int k) {
    int i;
    for (i = k, k = 1; i < n; i++) y[i] = x[i] + k;
    return k;
}

int crossed(const double *x, double *y, int n, int k) {
    int i, m;
    for (m = k, k = n, i = 0; i < m; i++) y[i] = x[i] - k;
    return k + m;
}

/* What is set twice is what it was set to last. */
int twice(double *x, int n) {
    int i, k;
    for (k = 1, k = k + 1, i = 0; i < n; i++) x[i] *= k;
    return k;
}

int outdated(const double *x, double *y, int n, int k) {
    int i, m;
    for (i = 0, m = 1, m = k, k = 5; i < n; i++) y[i] = x[i] + m;
    return m + k;
}

#define SUM(c, s, x, i, n) if (c) { s = 0; while (i < n) { s += x[i]; i++; } }
double by_a_macro(const double *x, int n, int c) {
    double s = 7;
    int i = 0;
    SUM(c, s, x, i, n)
    return s;
}

int main(void) {
    enum { N = 600 };
    static double x[N + 1], y[N + 1];
    static int u[N], v[N];
    for (int i = 0; i <= N; i++) x[i] = i % 13 - 5;
    for (int i = 0; i < N; i++) u[i] = i * 7 % 31;
    printf("%g %d %g %g\n", sum(x, N), half(x, y, N), after(x, y, N), y[3]);
    printf("%g %d %g %g\n", before(y, x, N), parameter(x, y, 7, N), either(x, N, 1), either(x, N, 0));
    printf("%g %d %d\n", chained(x, N), running(u, v, N), v[N - 1]);
    printf("%d %d %d %g\n", itself(x, y, N), older(x, y, N, 9), crossed(x, y, N, 50), y[49] + y[50] + y[N - 1]);
    printf("%d %d %g %g\n", twice(x, N), outdated(x, y, N, 9), x[3], y[20]);
    printf("%g %g\n", by_a_macro(x, N, 0), by_a_macro(x, N, 1));
    normalised(x, N);
    rows(x, y, 20, N / 20);
    printf("%g %g\n", x[7], y[N / 20 - 1]);
    return 0;
}
