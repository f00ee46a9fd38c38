#include <stdio.h>
#include <stdlib.h>
static unsigned int lcg(unsigned int *s) {
    *s = *s * 1664525u + 1013904223u;
    return *s;
}
int main(int argc, char **argv) {
    long n = argc > 1 ? atol(argv[1]) : 2000000;
    long in = 0;
    for (long i = 0; i < n; i++) {
        unsigned int seed = (unsigned int)i * 2654435761u + 12345u;
        double x = lcg(&seed) / 4294967296.0, y = lcg(&seed) / 4294967296.0;
        if (x * x + y * y <= 1.0) in++;
    }
    printf("pi = %.6f\n", 4.0 * in / n);
}
