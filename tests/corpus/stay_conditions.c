/* What an operand reads that may stay without a value comes home where it has one, and nothing else does. */
#include <stdio.h>
#include <stdlib.h>

static void work(double *a, int n) {
    for (int i = 0; i < n; i++)
        a[i] = a[i] * 0.5 + 1;
}

int main(void) {
    int n = 5000, hits = 0;
    double *a = calloc(n, sizeof *a);
    for (int t = 0; t < 6; t++) {
        double *p = t & 1 ? a : NULL;
        work(a, n);
        if (p && p[t] > 1.5)
            hits++;
        if (!p || a[t] < 1.9)
            hits += 2;
        hits += t > 2 ? a[n / t] > 1.9 : 3;
    }
    printf("%d %g\n", hits, a[n - 1]);
    free(a);
    return 0;
}
