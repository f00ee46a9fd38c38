/* A function prints to a stream that it is passed: in a whole program all streams are the library's, and arrays stay. */
// mupac: --cpu-threshold 0
#include <stdio.h>
#include <stdlib.h>

static void report(FILE *to, int step, double energy) { fprintf(to, "%d: %g\n", step, energy); }

int main(void) {
    int n = 5000;
    double *a = malloc(n * sizeof *a), *b = malloc(n * sizeof *b);
    if (!a || !b) return 1;
    for (int i = 0; i < n; i++) {
        a[i] = i % 7;
        b[i] = 0;
    }
    for (int t = 0; t < 5; t++) {
        double energy = 0;
        for (int i = 1; i < n - 1; i++) b[i] = 0.25 * (a[i - 1] + 2 * a[i] + a[i + 1]);
        for (int i = 1; i < n - 1; i++) {
            a[i] = b[i];
            energy += a[i] * a[i];
        }
        report(stdout, t, energy);
    }
    printf("%g\n", a[n / 2]);
    free(a);
    free(b);
    return 0;
}
