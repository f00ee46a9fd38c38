/* Dot product and norm of two vectors. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static double dot(int n, const double *x, const double *y) {
    double sum = 0.0;
    for (int i = 0; i < n; i++)
        sum += x[i] * y[i];
    return sum;
}

int main(void) {
    int n = 20000;
    double *x = malloc(n * sizeof *x), *y = malloc(n * sizeof *y);
    for (int i = 0; i < n; i++) {
        x[i] = (i % 17) * 0.25;
        y[i] = (i % 5) - 2.0;
    }
    printf("dot  %.6e\n", dot(n, x, y));
    printf("norm %.6e\n", sqrt(dot(n, x, x)));
    free(x);
    free(y);
    return 0;
}
