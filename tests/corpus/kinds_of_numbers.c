// mupac: --cpu-threshold 10
/* What kind of number one is, asked in conditions and as a value, which for `isinf` has a sign. */
#include <math.h>
#include <stdio.h>

int count(int n, const double *a) {
    int c = 0;
    for (int i = 0; i < n; i++)
        if (isnan(a[i])) c++;
    return c;
}

void clean(int n, float *a) {
    for (int i = 0; i < n; i++)
        if (!isfinite(a[i])) a[i] = 0;
}

void ask(int n, const double *a, int *sign, int *infinite) {
    for (int i = 0; i < n; i++) {
        sign[i] = signbit(a[i]) ? -1 : 1;
        infinite[i] = isinf(a[i]);
    }
}

int main(void) {
    double a[16];
    float f[16];
    int sign[16], infinite[16];
    for (int i = 0; i < 16; i++)
        a[i] = i % 2 ? -i : i;
    a[3] = sqrt(-1.0);
    a[4] = HUGE_VAL;
    a[5] = -HUGE_VAL;
    a[6] = -0.0;
    a[7] = 5e-324;
    for (int i = 0; i < 16; i++)
        f[i] = (float)a[i];
    printf("%d\n", count(16, a));
    clean(16, f);
    a[3] = fabs(a[3]);
    ask(16, a, sign, infinite);
    for (int i = 0; i < 16; i++)
        printf("%g %d %d\n", f[i], sign[i], infinite[i]);
    return 0;
}
