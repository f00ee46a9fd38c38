#include <fenv.h>

/* A device rounds to nearest, whatever the program says. */
void upwards(int n, float *x) {
    fesetround(FE_UPWARD);
    for (int i = 0; i < n; i++) //~ unsupported: floating-point arithmetic beside calls of fesetround is not supported
        x[i] = x[i] / 3;
    fesetround(FE_TONEAREST);
}

static float third(float x) { return x / 3; }

void by_a_call(int n, int *y, const float *x) {
    for (int i = 0; i < n; i++) //~ unsupported: floating-point arithmetic beside calls of fesetround is not supported
        y[i] = third(x[i]) > x[i];
}

void copied(int n, float *x, const float *y, int *z) {
    for (int i = 0; i < n; i++) {
        x[i] = y[i];
        z[i] += i;
    }
}
