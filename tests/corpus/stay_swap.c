/* A time loop calls a function a hundred times, and each array goes to the device and comes back once. */
// mupac: --cpu-threshold 100
#include <stdio.h>
#include <stdlib.h>

static void step(const double *a, double *b, int n) {
    for (int i = 1; i < n - 1; i++) b[i] = (a[i - 1] + a[i] + a[i + 1]) / 3;
}

int main(void) {
    int n = 1000;
    unsigned seed = 1;
    double *a = malloc(n * sizeof(double)), *b = malloc(n * sizeof(double));
    if (!a || !b) return 1;
    for (int i = 0; i < n; i++) {
        seed = seed * 1103515245u + 12345u;
        a[i] = b[i] = seed % 17;
    }
    for (int t = 0; t < 100; t++) {
        step(a, b, n);
        double *c = a;
        a = b, b = c;
    }
    for (int i = 0; i < n; i += 100) printf("%f\n", a[i]);
    free(a), free(b);
    return 0;
}
