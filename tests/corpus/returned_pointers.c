/* Functions that return pointers: to what they were passed, behind it, into a global, or none. */
#include <stddef.h>

static double table[500];

double *axpy(int n, double a, const double *x, double *y) {
    for (int i = 0; i < n; i++)
        y[i] += a * x[i];
    return y;
}

char *upper(char *text, int n) {
    for (int i = 0; i < n; i++)
        if (text[i] >= 'a' && text[i] <= 'z')
            text[i] -= 32;
    return text + n;
}

double *fill(int n, double by) {
    if (n > 500)
        return NULL;
    for (int i = 0; i < n; i++)
        table[i] = by * i;
    return &table[n / 2];
}
