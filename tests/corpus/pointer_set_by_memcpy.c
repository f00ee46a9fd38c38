/* memcpy sets a pointer that had an object of its own. */
// mupac: --cpu-threshold 0
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
int main(void) {
    int n = 500;
    double *a = malloc(n * sizeof *a), *b = malloc(n * sizeof *b);
    if (!a || !b) return 1;
    memcpy(&b, &a, sizeof b);
    for (int i = 0; i < n; i++) a[i] = i;
    for (int i = 1; i < n; i++) b[i] = 0.5 * a[i - 1] + 1;
    double h = 0;
    for (int i = 0; i < n; i++) h = h * 0.99 + a[i];
    printf("%.12g\n", h);
    return 0;
}
