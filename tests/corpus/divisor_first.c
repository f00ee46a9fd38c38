/* Where a guard divides, it asks first that the divisor is not 0; a name that only a kernel uses is declared behind first values. */
// mupac: --cpu-threshold 0
#include <stdio.h>

static double a[1000];

void rows(double *x, int height, int groups, int step, int width) {
    for (int i = 0; i < groups; i++)
        for (int j = 0; j < width; j++)
            x[i * (height / groups) * step + j] = x[i * (height / groups) * step + j] * 2 + j;
}

int main(void) {
    int first[3] = {1, 2, 3}, times = 5;
    for (int i = 0; i < 1000; i++)
        a[i] = i * times;
    rows(a, 6, 3, 4, 5);
    rows(a, 6, 0, 4, 5);
    printf("%f %d\n", a[17], first[1]);
    return 0;
}
