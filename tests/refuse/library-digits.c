// mupac: --fp=strict --cpu-threshold 0
#include <math.h>

/* The root is rounded correctly everywhere, the exponential is not. */
void roots(int n, const double *x, double *y) {
    for (int i = 0; i < n; i++)
        y[i] = sqrt(x[i]);
}

void growth(int n, const double *x, double *y) {
    for (int i = 0; i < n; i++) //~ library-digits: calls exp, whose last digits --fp=strict keeps on the host
        y[i] = exp(x[i]);
}

static double growing(double x) {
    double sum = 0;
    for (int k = 0; k < 4; k++) //~ library-digits: calls exp, whose last digits --fp=strict keeps on the host
        sum += exp(x * k);
    return sum;
}

void totals(int n, const double *x, double *y) {
    for (int i = 0; i < n; i++) //~ library-digits: calls exp, whose last digits --fp=strict keeps on the host
        y[i] = growing(x[i]);
}
