// What the host asks of numbers has the same answer in C++: `isinf` is negative for minus infinity in C alone.
#include <math.h>
#include <stdio.h>

static void reciprocals(int n, const double *x, double *y) {
    for (int i = 0; i < n; i++)
        y[i] = 1 / x[i];
}

int main(void) {
    double x[4] = {-0.0, 0, 2, -4}, y[4];
    reciprocals(4, x, y);
    for (int i = 0; i < 4; i++)
        printf("%d%s\n", isinf(y[i]), isinf(y[i]) < 0 ? " below" : "");
    return 0;
}
