/* Parts of one array are one copy; a loop that is too small runs where its array is; and a region that copies more than the
   program touches leaves the copies of others alone. */
#include <stdio.h>
#include <stdlib.h>

static void smooth(double *to, const double *from, int n) {
    for (int i = 1; i < n - 1; i++)
        to[i] = 0.5 * (from[i - 1] + from[i + 1]);
}

static void edges(double *a, int n, int depth) {
    for (int i = 0; i < depth; i++)
        a[i] = a[2 * depth - i];
    for (int i = 0; i < depth; i++)
        a[n - 1 - i] = a[n - 1 - 2 * depth + i];
}

static void limit(double *a, const double *b, const double *most, int n) {
    for (int i = 0; i < n; i++)
        if (b[i] > 1)
            a[i] = most[i];
}

int main(void) {
    int n = 20000;
    double *a = calloc(n, sizeof *a), *b = calloc(n, sizeof *b), *most = calloc(n, sizeof *most);
    for (int i = 0; i < n; i++)
        a[i] = i % 7, most[i] = i % 3;
    for (int t = 0; t < 5; t++) {
        smooth(b, a, n);
        edges(b, n, 2);
        limit(a, b, most, n);
        smooth(a, b, n);
        edges(a, n, 2);
    }
    printf("%g %g %g\n", a[0], a[n / 2], b[n - 1]);
    free(a), free(b), free(most);
    return 0;
}
