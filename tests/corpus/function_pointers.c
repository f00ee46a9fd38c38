/* Pointers to functions that lead to one: a parameter, a variable of the file, one of a block, and `sqrt`. */
// mupac: --cpu-threshold 0
#include <math.h>
#include <stdio.h>

typedef double (*Map)(double);

static double bump(double x) { return x * x + 1; }

static double integrate(Map f, double from, double to, int n) {
    double step = (to - from) / n, sum = 0;
    for (int i = 0; i < n; i++)
        sum += f(from + (i + 0.5) * step);
    return sum * step;
}

static void apply(double *x, int n, double (*g)(double)) {
    for (int i = 0; i < n; i++)
        x[i] = (*g)(x[i]);
}

static Map chosen = bump;

void twice(int n, double *x) {
    Map first = bump;
    for (int i = 0; i < n; i++)
        x[i] = chosen(first(x[i]));
}

int main(void) {
    double x[60], sum = 0;
    for (int i = 0; i < 60; i++)
        x[i] = i % 5;
    twice(60, x);
    apply(x, 60, sqrt);
    for (int i = 0; i < 60; i++)
        sum += x[i];
    printf("%.6f %.6f\n", sum, integrate(bump, 0, 1, 60));
    return 0;
}
