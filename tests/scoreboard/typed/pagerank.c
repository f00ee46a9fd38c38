#include <stdio.h>
#include <stdlib.h>
int main(int argc, char **argv) {
    int n = argc > 1 ? atoi(argv[1]) : 100000, m = 8 * n;
    int *src = malloc(m * sizeof(int)), *dst = malloc(m * sizeof(int)),
        *outdeg = calloc(n, sizeof(int));
    double *pr = malloc(n * sizeof(double)), *nx = malloc(n * sizeof(double));
    srand(5);
    for (int e = 0; e < m; e++) {
        src[e] = rand() % n;
        dst[e] = rand() % n;
        outdeg[src[e]]++;
    }
    for (int i = 0; i < n; i++) pr[i] = 1.0 / n;
    for (int it = 0; it < 20; it++) {
        for (int i = 0; i < n; i++) nx[i] = 0.15 / n;
        for (int e = 0; e < m; e++) nx[dst[e]] += 0.85 * pr[src[e]] / outdeg[src[e]];
        double *t = pr;
        pr = nx;
        nx = t;
    }
    double best = 0;
    int bi = 0;
    for (int i = 0; i < n; i++)
        if (pr[i] > best) {
            best = pr[i];
            bi = i;
        }
    printf("%d %.8f\n", bi, best);
}
