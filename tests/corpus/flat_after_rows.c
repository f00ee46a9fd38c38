// An image is filled by rows and then gone through as one array of `w * h` elements: the second loop is no part of the first
// row, and both run on the GPU.
#include <stdio.h>
#include <stdlib.h>

#define AT(x, y) ((y) * w + (x))

static void fill(int w, int h, double *a, double *b) {
    for (int y = 0; y < h; y++)
        for (int x = 0; x < w; x++)
            a[AT(x, y)] = 0.25 * x - y;
    for (int k = 0; k < w * h; k++)
        b[k] = a[k] * a[k];
}

int main(void) {
    int w = 90, h = 70;
    double *a = malloc(w * h * sizeof *a), *b = malloc(w * h * sizeof *b);
    fill(w, h, a, b);
    double sum = 0;
    for (int y = 0; y < h; y++)
        for (int x = 0; x < w; x++)
            sum += b[AT(x, y)] - a[AT(x, y)];
    printf("%g\n", sum);
    free(a);
    free(b);
    return 0;
}
