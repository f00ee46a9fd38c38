// mupac: --cpu-threshold 0
/* Functions that are passed to others: kernels ask which of them it is. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

typedef double (*function)(double);

static double square(double x) { return x * x; }
static double step(double x) { return x > 0.5 ? x : -x; }
static double wave(double x) { return sin(3 * x) * x; }

/* All that it is passed is known; one of them is the library's. */
static void map(function f, const double *x, double *y, int n)
{
    for (int i = 0; i < n; i++)
        y[i] = f(x[i]);
}

/* Other files may pass others. */
double simpson(double (*f)(double), double a, double b, int n)
{
    double h = (b - a) / n, s = f(a) + (*f)(b);
    for (int i = 1; i < n; i++)
        s += f(a + i * h) * (i % 2 ? 4 : 2);
    return s * h / 3;
}

static void grow(double *x, double by) { *x *= by; }
static void move(double *x, double by) { *x += by; }

/* For what they do, and through another function. */
static void each(void (*f)(double *, double), double *x, int n, double by)
{
    for (int i = 0; i < n; i++)
        f(&x[i], by);
}

static void twice(void (*f)(double *, double), double *x, int n, double by)
{
    each(f, x, n, by);
    each(f, x, n, by);
}

/* Chosen at run time. */
static double total(const double *x, int n, int is_wave)
{
    double (*f)(double) = is_wave ? wave : &square;
    double s = 0;
    for (int i = 0; i < n; i++)
        s += f(x[i]);
    return s;
}

/* Set in a way that is no plain assignment. */
static void extended(double *x, int n, int is_wave)
{
    double (*f)(double) = square;
    if (is_wave)
        __extension__ f = wave;
    for (int i = 0; i < n; i++)
        x[i] = f(x[i]);
}

/* Another one for each element, by its number in a table. */
static double (*const table[])(double) = {square, step, wave};

static void by_number(const int *kind, double *x, int n)
{
    for (int i = 0; i < n; i++)
        x[i] += table[kind[i]](x[i]);
}

/* Another one in some iterations: this stays on the host. */
static void changing(function f, const double *x, double *y, int n)
{
    for (int i = 0; i < n; i++) {
        if (i == n / 2)
            f = wave;
        y[i] = f(x[i]);
    }
}

int main(void)
{
    int n = 1000;
    double *x = malloc(n * sizeof *x), *y = malloc(n * sizeof *y);
    int *kind = malloc(n * sizeof *kind);
    for (int i = 0; i < n; i++) {
        x[i] = i * 1e-3;
        kind[i] = i % 3;
    }
    map(square, x, y, n);
    map(step, y, x, n);
    map(cos, x, y, n);
    twice(grow, y, n, 1.5);
    each(move, y, n, -0.25);
    changing(step, y, x, n);
    by_number(kind, x, n);
    extended(x, n, 0);
    extended(y, n, 1);
    printf("%.6f %.6f %.6f %.6f\n", simpson(wave, 0, 3, n), simpson(square, 0, 3, n), total(x, n, 0), total(y, n, 1));
    return 0;
}
