// Stages of a Fourier transform: blocks whose size doubles, with results of functions that go to elements.
// mupac: --cpu-threshold 100
#include <math.h>
#include <stdio.h>

#define N 1024

typedef struct { double re, im; } cpx;

static cpx x[N];
static double y[N];

static cpx add(cpx a, cpx b) { return (cpx){ a.re + b.re, a.im + b.im }; }
static cpx sub(cpx a, cpx b) { return (cpx){ a.re - b.re, a.im - b.im }; }
static cpx mul(cpx a, cpx b) {
    cpx r;
    r.re = a.re * b.re - a.im * b.im;
    r.im = a.re * b.im + a.im * b.re;
    return r;
}

static void transform(int n) {
    for (int len = 2; len <= n; len <<= 1)
        for (int i = 0; i < n; i += len)
            for (int k = 0; k < len / 2; k++) {
                cpx w = { cos(6.283185307179586 * k / len), -sin(6.283185307179586 * k / len) };
                cpx u = x[i + k], v = mul(x[i + k + len / 2], w);
                x[i + k] = add(u, v);
                x[i + k + len / 2] = sub(u, v);
            }
}

static double most(double a, double b) { return a > b ? a : b; }

static void folds(int n, int step) {
    for (int i = 0; i < n; i += 2 * step)
        for (int k = 0; k < step; k++)
            y[i + k] = most(y[i + k], y[i + k + step]);
}

int main(void) {
    for (int i = 0; i < N; i++) {
        x[i] = (cpx){ i % 17, i % 5 };
        y[i] = i * 37 % 101;
    }
    transform(N);
    for (int step = 1; step < N; step *= 2)
        folds(N, step);
    double sum = 0;
    for (int i = 0; i < N; i++)
        sum += x[i].re * x[i].re + x[i].im * x[i].im;
    printf("%.6g %g\n", sum, y[0]);
    return 0;
}
