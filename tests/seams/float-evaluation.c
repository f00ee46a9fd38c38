/* Contraction and precision: gcc and g++ compute floating-point alike with the same options. */
#include <math.h>
#include <stdio.h>

static double fused(double a, double b, double c) { return a * b - c; }

int main(void) {
    volatile double x = 0.1, y = 10, z = 1;
    float f = 0.1f;
    printf("%.17g %d %.17g\n", fused(x, y, z), f * 10 == 1.0f, f * 10.0);
    printf("%d %g\n", (0.0 / 0.0 != 0.0 / 0.0), 1 / -0.0);
}
