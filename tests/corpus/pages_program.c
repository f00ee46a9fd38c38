// mupac: --cpu-threshold 100 --coherence pages
/* A loop whose other statements end every stay; one function has a stay of its own, and the first loop runs but once. */
#include <stdio.h>
#include <stdlib.h>

static double u[30000], v[30000];

static void relax(int n, double *a, double *b) {
    for (int t = 0; t < 3; t++) {
        for (int i = 1; i < n - 1; i++)
            b[i] = (a[i - 1] + a[i + 1]) / 2;
        for (int i = 1; i < n - 1; i++)
            a[i] = (a[i] + b[i]) / 2;
    }
}

static int later(const void *a, const void *b) { return *(const double *)a < *(const double *)b ? -1 : 1; }

int main(void) {
    for (int i = 0; i < 30000; i++)
        u[i] = i % 7;
    for (int t = 0; t < 4; t++) {
        relax(30000, u, v);
        qsort(u + 100, 20, sizeof *u, later);
        for (int i = 0; i < 30000; i++)
            v[i] += u[i];
        printf("%g %g %g\n", u[100], v[101], v[29998]);
    }
    return 0;
}
