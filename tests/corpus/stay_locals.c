/* Arrays stay while callees have arrays of their own, whose copies go with them, and while addresses of variables are passed
   that no region copies anything by. */
#include <stdio.h>

enum { N = 256 };

static void fill(double *a, int n, double from) {
    for (int i = 0; i < n; i++)
        a[i] = from + i;
}

static void add(const int *n, double *a, const double *b) {
    for (int i = 0; i < *n; i++)
        a[i] += b[i];
}

static void largest(const int *n, const double *a, double *most) {
    double m = 0;
    for (int i = 0; i < *n; i++)
        if (a[i] > m)
            m = a[i];
    *most = m;
}

static double first(double *a, int n, double from) {
    double own[N], most;
    fill(own, n, from);
    add(&n, a, own);
    largest(&n, a, &most);
    return most;
}

static void second(double *a, int n) {
    double other[N];
    for (int i = 0; i < n; i++)
        other[i] = 1;
    for (int which = 1; which <= 2; ++which)
        add(&n, a, other);
}

double a[N];

int main(void) {
    double most = 0;
    for (int t = 0; t < 5; t++) {
        most += first(a, N, t);
        second(a, N);
    }
    printf("%g %g %g\n", most, a[0], a[N - 1]);
    return 0;
}
