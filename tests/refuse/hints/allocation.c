#include <stdlib.h>

void medium(int n, int m, const double *restrict a, double *restrict out) {
    for (int i = 0; i < n; i++) { //~ unknown-call: calls malloc
        //? allocate one piece of memory for all iterations before the loop
        double *part = malloc(m * sizeof *part);
        const double *last = part + m - 1;
        for (int j = 0; j < m; j++)
            part[j] = a[i * m + j] * a[i * m + j];
        out[i] = 0;
        for (int j = 0; j < m; j++)
            out[i] += part[j] * last[-j];
        free(part);
    }
}
//// as the hint says
#include <stdlib.h>

void medium(int n, int m, const double *restrict a, double *restrict out) {
    double *parts = malloc((size_t)n * m * sizeof *parts);
    for (int i = 0; i < n; i++) { //~ kernel
        double *part = parts + (size_t)i * m;
        const double *last = part + m - 1;
        for (int j = 0; j < m; j++)
            part[j] = a[i * m + j] * a[i * m + j];
        out[i] = 0;
        for (int j = 0; j < m; j++)
            out[i] += part[j] * last[-j];
    }
    free(parts);
}
