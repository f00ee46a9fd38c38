#include <stdio.h>
#include <stdlib.h>
#include <math.h>
#define PI 3.14159265358979323846

typedef struct { double re, im; } cplx;

void fft(cplx *x, int n) {
    int i, j, k;
    for (i = 1, j = 0; i < n; i++) {
        int bit = n >> 1;
        for (; j & bit; bit >>= 1) j ^= bit;
        j ^= bit;
        if (i < j) { cplx t = x[i]; x[i] = x[j]; x[j] = t; }
    }
    for (int len = 2; len <= n; len <<= 1) {
        double ang = -2 * PI / len;
        for (i = 0; i < n; i += len) {
            for (k = 0; k < len / 2; k++) {
                double c = cos(ang * k), s = sin(ang * k);
                cplx u = x[i + k], v = x[i + k + len / 2];
                cplx w = { v.re * c - v.im * s, v.re * s + v.im * c };
                x[i + k].re = u.re + w.re;
                x[i + k].im = u.im + w.im;
                x[i + k + len / 2].re = u.re - w.re;
                x[i + k + len / 2].im = u.im - w.im;
            }
        }
    }
}

void dft(const double *in, double *re, double *im, int n) {
    for (int k = 0; k < n; k++) {
        re[k] = 0;
        im[k] = 0;
        for (int t = 0; t < n; t++) {
            double angle = 2 * PI * t * k / n;
            re[k] += in[t] * cos(angle);
            im[k] -= in[t] * sin(angle);
        }
    }
}

int main(void) {
    int n = 1 << 16;
    cplx *x = malloc(n * sizeof(cplx));
    for (int i = 0; i < n; i++) { x[i].re = sin(i * 0.01); x[i].im = 0; }
    fft(x, n);
    double energy = 0;
    for (int i = 0; i < n; i++) energy += x[i].re * x[i].re + x[i].im * x[i].im;
    printf("%g\n", energy / n);
    int m = 2048;
    double *in = malloc(m * sizeof(double)), *re = malloc(m * sizeof(double)), *im = malloc(m * sizeof(double));
    for (int i = 0; i < m; i++) in[i] = i % 17;
    dft(in, re, im, m);
    printf("%g %g\n", re[0], im[1]);
    return 0;
}
