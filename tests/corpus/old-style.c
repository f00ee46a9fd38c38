/* C of 1989: definitions without prototypes, calls without declarations, results that nobody wrote. */
// mupac: --cpu-threshold 100
#include <stdio.h>

double dot();

static scale(n, a, s)
int n;
double *a, /* the factor */ s;
{
    int i;
    for (i = 0; i < n; i++) a[i] = a[i] * s;
    return n;
}

static float half(x)
float x;
{
    return x / 2;
}

void main()
{
    static double a[1000], b[1000];
    static float c[1000];
    register i;
    for (i = 0; i < 1000; i++) {
        a[i] = i;
        b[i] = i % 7;
    }
    for (i = 0; i < 1000; i++) c[i] = half(a[i]);
    for (i = 0; i < 3; i++) printf("%g\n", half(a[i]));
    scale(1000, a, 2.0);
    printf("%g %g %d\n", dot(1000, a, b), c[7], twice(4));
    if (a[3] > 5) return;
    printf("%d\n", getpid() > 0);
}

double dot(n, x, y)
int n;
double x[], y[];
{
    int i;
    double s = 0;
    for (i = 0; i < n; i++) s += x[i] * y[i];
    return s;
}

int twice(k) { return 2 * k; }
