// mupac: --cpu-threshold 100
/* A start that is no number gives way to the first element, and so does a first element that is none; where `x > m`
   decides, the start stays and other elements count for nothing. */
#include <math.h>
#include <stdio.h>

double gives_way(int n, double m, const double *a) {
    for (int i = 0; i < n; i++)
        m = m >= a[i] ? m : a[i];
    return m;
}

double stays(int n, double m, const double *a) {
    for (int i = 0; i < n; i++)
        if (a[i] > m) m = a[i];
    return m;
}

/* The lanes of a warp share out a row. */
void rows(int m, int n, double x[m][n], double *top) {
    for (int i = 0; i < m; i++) {
        double most = sqrt(-1.0);
        for (int j = 0; j < n; j++)
            most = most > x[i][j] ? most : x[i][j];
        top[i] = most;
    }
}

static double x[20][300], top[20];

int main(void) {
    double a[1000];
    const double none = sqrt(-1.0);
    for (int i = 0; i < 1000; i++)
        a[i] = i * 37 % 991;
    printf("%g %g\n", gives_way(1000, none, a), stays(1000, none, a));
    a[0] = none;
    printf("%g %g\n", gives_way(1000, -1.0, a), stays(1000, -1.0, a));
    a[999] = none;
    printf("%g\n", stays(1000, -1.0, a));
    for (int i = 0; i < 20; i++)
        for (int j = 0; j < 300; j++)
            x[i][j] = (i * 7 + j * 13) % 401;
    for (int i = 0; i < 20; i++)
        x[i][0] = none;
    rows(20, 300, x, top);
    for (int i = 0; i < 20; i++)
        printf("%g\n", top[i]);
    return 0;
}
