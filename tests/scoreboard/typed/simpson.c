#include <stdio.h>
#include <math.h>
double f(double x) { return exp(-x * x) * cos(x); }
double simpson(double a, double b, int n) {
    double h = (b - a) / n, s = f(a) + f(b);
    for (int i = 1; i < n; i++)
        s += (i % 2 == 0 ? 2 : 4) * f(a + i * h);
    return s * h / 3;
}
int main(void) { printf("%.10f\n", simpson(0, 5, 10000000)); return 0; }
