#include <stdio.h>

#define DEFER(f) __attribute__((__cleanup__(f)))

static double marks[64];

static void mark(double *at) { marks[(int)*at] = 7 + *at; }

static void count(int *at) { marks[*at] += 1; }

static void show(double (*all)[64]) { printf("%g %g\n", (*all)[0], (*all)[63]); }

static double doubled(double v) {
    double t = v;
    {
        DEFER(mark) double a = v;
        t += a;
    }
    return t;
}

void all(int n, double *restrict x, double *restrict y) {
    for (int i = 0; i < n; i++) { //~ unsupported
        __attribute__((cleanup(mark))) double a = i;
        y[i] = x[i] + a;
    }
    for (int i = 0; i < n; i++) //~ unknown-call
        y[i] = doubled(x[i]);
    for (DEFER(count) int i = 0; i < n; i++) //~ unsupported
        y[i] += i;
    {
        DEFER(show) double kept[64];
        for (int i = 0; i < 64; i++) //~ unsupported
            kept[i] = x[i];
    }
}

void last(int n, const double *restrict x) {
    DEFER(mark) double s = 0;
    for (int i = 0; i < n; i++) //~ carried-dependence: i = 1 overwrites s, which i = 0 wrote
        s = x[i];
}
