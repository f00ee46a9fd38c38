#include <string.h>

float measure(int channel);

void sample(int n, float *a) {
    for (int i = 0; i < n; i++) //~ unknown-call: calls measure, whose effects are not known
        a[i] = measure(i);
}

void shift(int n, int m, double *a) {
    for (int i = 0; i + 1 < n; i++) //~ unknown-call: calls memmove, which runs on the host alone
        memmove(a + i * m, a + (i + 1) * m, m * sizeof *a);
}
