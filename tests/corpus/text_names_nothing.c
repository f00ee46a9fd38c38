/* Statements that stay text touch the variables that they name, and leave those of loops before them alone. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static double total(int count, ...) {
    double sum = 0;
    va_list all;
    va_start(all, count);
    while (count-- > 0) sum += va_arg(all, double);
    va_end(all);
    return sum;
}

double area(int n) {
    double sum = 0, x, step = 1.0 / n;
    int i;
    for (i = 0; i < n; i++) {
        x = (i + 0.5) * step;
        sum += 4 / (1 + x * x);
    }
    return total(2, sum * step, sum * step) / 2;
}

/* The last x is named by the text, so every iteration's has to come to be. */
double last(int n, const double *a, double *b) {
    double x = 0;
    for (int i = 0; i < n; i++) {
        x = a[i] * 2;
        b[i] = x * x;
    }
    return total(2, x, x);
}

/* Text that jumps may lead to any of them. */
double again(int n, const double *a, double *b) {
    double x = 1;
    int round = 0;
repeat:
    b[0] += x;
    for (int i = 1; i < n; i++) {
        x = a[i];
        b[i] = x + i;
    }
    if (++round < 3) goto repeat;
    return b[0];
}

int main(void) {
    int n = 3000;
    double *a = malloc(n * sizeof *a), *b = malloc(n * sizeof *b);
    for (int i = 0; i < n; i++) {
        a[i] = i % 7;
        b[i] = 0;
    }
    printf("%.6f\n", area(n));
    printf("%.6f %.6f\n", last(n, a, b), again(n, a, b));
    free(a);
    free(b);
    return 0;
}
