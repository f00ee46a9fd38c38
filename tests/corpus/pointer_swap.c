// mupac: --cpu-threshold 100
/* The pointers change places each step, so the time loop is no region; its loop is. */
#include <stdio.h>

static void steps(int count, int n, float *u, float *v) {
    for (int t = 0; t < count; t++) {
        for (int i = 1; i < n - 1; i++)
            v[i] = 0.5f * (u[i - 1] + u[i + 1]);
        float *other = u;
        u = v;
        v = other;
    }
}

int main(void) {
    float a[200], b[200];
    for (int i = 0; i < 200; i++)
        a[i] = b[i] = i % 7;
    steps(5, 200, a, b);
    printf("%g %g\n", a[100], b[100]);
    return 0;
}
