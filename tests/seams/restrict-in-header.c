/* A header in C alone (C17 6.4.1). */
#include <stdio.h>
#include "restrict.h"

void scale(int n, double *restrict x, const double *restrict y, struct flags flags) {
    for (int i = 0; i < n; i++)
        x[i] = flags.is_set ? 2 * y[i] : y[i];
}

int main(void) {
    double x[40], y[40];
    struct flags flags = {7};
    for (int i = 0; i < 40; i++)
        y[i] = i;
    scale(40, x, y, flags);
    printf("%g %d\n", x[21], flags.is_set);
    return 0;
}
