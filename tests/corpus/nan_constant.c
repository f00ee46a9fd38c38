// mupac: --cpu-threshold 10
/* NAN is a constant, in kernels and outside. */
#include <math.h>
#include <stdio.h>

void roots(int n, const double *a, double *b) {
    for (int i = 0; i < n; i++)
        b[i] = a[i] < 0 ? NAN : sqrt(a[i]);
}

float greatest(int n, const float *a) {
    float m = NAN;
    for (int i = 0; i < n; i++)
        m = m > a[i] ? m : a[i];
    return m;
}

int main(void) {
    double a[16], b[16];
    float f[16];
    for (int i = 0; i < 16; i++) {
        a[i] = i - 8;
        f[i] = (float)a[i];
    }
    roots(16, a, b);
    for (int i = 0; i < 16; i++)
        printf("%d %g\n", b[i] != b[i], b[i] != b[i] ? 0 : b[i]);
    printf("%g\n", greatest(16, f));
    return 0;
}
