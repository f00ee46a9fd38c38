#include <stdio.h>
#include <stdlib.h>
typedef struct { double re, im; } complex_t;
static complex_t mul(complex_t a, complex_t b) { complex_t r = { a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re }; return r; }
static complex_t add(complex_t a, complex_t b) { complex_t r = { a.re + b.re, a.im + b.im }; return r; }
static int julia(complex_t z, complex_t c, int max) {
    int n = 0;
    while (n < max && z.re * z.re + z.im * z.im < 4.0) { z = add(mul(z, z), c); n++; }
    return n;
}
int main(void) {
    const int w = 800, h = 600, max = 256;
    int *img = (int *)malloc(w * h * sizeof(int));
    complex_t c = { -0.8, 0.156 };
    for (int y = 0; y < h; y++)
        for (int x = 0; x < w; x++) {
            complex_t z = { (x - w / 2.0) * 3.0 / w, (y - h / 2.0) * 2.0 / h };
            img[y * w + x] = julia(z, c, max);
        }
    FILE *f = fopen("julia.pgm", "w");
    if (f) { fprintf(f, "P2\n%d %d\n255\n", w, h); for (int i = 0; i < w * h; i++) fprintf(f, "%d\n", img[i] % 256); fclose(f); }
    long s = 0; for (int i = 0; i < w * h; i++) s += img[i];
    printf("%ld\n", s);
    return 0;
}
