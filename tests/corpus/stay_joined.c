/* A region of two loops, a loop that reads what they wrote, and one after the host has changed it. */
// mupac: --cpu-threshold 100
#include <stdio.h>
#include <stdlib.h>
int main(void) {
    int n = 1000;
    double *a = malloc(n * sizeof *a), *b = malloc(n * sizeof *b);
    if (!a || !b) return 1;
    for (int i = 0; i < n; i++) a[i] = i * 0.5;
    for (int i = 0; i < n; i++) b[i] = a[i] * 2;
    long over = 0;
    for (int i = 0; i < n; i++) over += b[i] > 300;
    b[7] = 1000;
    for (int i = 0; i < n; i++) over += b[i] > 400;
    printf("%ld\n", over);
    free(a);
    free(b);
}
