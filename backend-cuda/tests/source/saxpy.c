/* Adds a scaled vector to another. */
#include <stdio.h>

#define BLOCK 256 /* not ours */

static int grid = BLOCK; // a name that the translation would like

/* y += a * x,
   element by element */
static void saxpy(int n, float a, const float *x, float *y) {
    for (int i = 0; i < n; i++) y[i] = a * x[i] + y[i];          // x and y may overlap
}

static float x[1000], y[1000], z[1000];

int main(void) {
    for (int i = 0; i < 1000; i++) x[i] = i, y[i] = z[i] = 2 * i;
    saxpy(1000, 2.5f, x, y);
    saxpy(0, 1, x, y);
    saxpy(900, 2.5f, z, z + 1);
    for (int i = 0; i < 1000; i += 37) printf("%g %g\n", y[i], z[i]);
    return grid - BLOCK;
}
