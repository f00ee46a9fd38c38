/* Arrays of a function end with it; small sizes and values at the rim are the host's. */
// mupac: --cpu-threshold 100
#include <stdio.h>
#include <stdlib.h>
static void smooth(int n, const double *from, double *to) {
    for (int i = 1; i < n - 1; i++) to[i] = (from[i - 1] + from[i] + from[i + 1]) / 4;
}
static void rim(int n, double *a) {
    a[0] = a[n - 2];
    a[n - 1] = a[1];
}
static void through(int n, double *a) {
    double between[700];
    for (int i = 0; i < n; i++) between[i] = 1;
    smooth(n, a, between);
    smooth(n, between, a);
}
int main(void) {
    int n = 700;
    double *a = malloc(n * sizeof *a), *b = malloc(n * sizeof *b);
    if (!a || !b) return 1;
    for (int i = 0; i < n; i++) a[i] = b[i] = i * 64;
    for (int t = 0; t < 6; t++) {
        int size = t % 3 == 2 ? 50 : n;
        smooth(size, a, b);
        smooth(size, b, a);
        if (t == 3) rim(n, a);
        if (t == 4) through(n, a);
        double *c = a;
        a = b, b = c;
    }
    for (int i = 0; i < n; i += 70) printf("%g %g\n", a[i], b[i]);
    free(a), free(b);
    return 0;
}
