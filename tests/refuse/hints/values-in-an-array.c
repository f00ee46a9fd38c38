void last_positive(int n, const double *restrict x, double *restrict y) {
    double t = 0;
    for (int i = 0; i < n; i++) { //~ carried-dependence: i = 1 reads t, which i = 0 wrote
        //? fill an array with its values in a loop before
        if (x[i] > 0)
            t = x[i];
        y[i] = t * t + x[i];
    }
}
//// as the hint says
#include <stdlib.h>

void last_positive(int n, const double *restrict x, double *restrict y) {
    double t = 0;
    double *values = malloc(n * sizeof *values);
    for (int i = 0; i < n; i++) {
        if (x[i] > 0)
            t = x[i];
        values[i] = t;
    }
    for (int i = 0; i < n; i++) //~ kernel
        y[i] = values[i] * values[i] + x[i];
    free(values);
}
