#include <stdio.h>
#include <math.h>

double f(double x) { return sin(x) * exp(-x * x / 10); }

double trapezoid(double (*func)(double), double a, double b, int n) {
    double h = (b - a) / n, sum = 0.5 * (func(a) + func(b));
    for (int i = 1; i < n; i++) sum += func(a + i * h);
    return sum * h;
}

double simpson(double a, double b, int n) {
    double h = (b - a) / n;
    double sum = f(a) + f(b);
    for (int i = 1; i < n; i += 2) sum += 4 * f(a + i * h);
    for (int i = 2; i < n; i += 2) sum += 2 * f(a + i * h);
    return sum * h / 3;
}

int main(void) {
    int n = 10000000;
    double pi = 0, step = 1.0 / n, x;
    int i;
    for (i = 0; i < n; i++) {
        x = (i + 0.5) * step;
        pi = pi + 4.0 / (1.0 + x * x);
    }
    pi *= step;
    printf("pi = %.10f\n", pi);
    printf("%.10f %.10f\n", trapezoid(f, 0, 10, 1000000), simpson(0, 10, 1000000));
    double e = 0;
    for (double t = 0; t < 1.0; t += 1e-6) e += t * 1e-6;
    printf("%.6f\n", e);
    return 0;
}
