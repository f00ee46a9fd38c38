/* Calls of functions of the same file: a value is written where the call stood, statements take the place of the call
   with the caller's arrays for its pointers, and threads call functions of floating-point numbers as they are. */
#include <math.h>
#define ROOT 1e-9

static int at(int row, int column, int width) { return row * width + column; }

static float clamp(float value, float low, float high) {
    if (value < low) return low;
    if (value > high) return high;
    return value;
}

static double root(double x) {
    double guess = x > 1 ? x : 1;
    for (int step = 0; step < 40; step++) {
        double next = 0.5 * (guess + x / guess);
        if (fabs(next - guess) < ROOT) return next;
        guess = next;
    }
    return guess;
}

static void order(double *low, double *high) {
    if (*low <= *high) return;
    double other = *low;
    *low = *high;
    *high = other;
}

double later(double x, int k);

void picture(int n, const float *x, float *y) {
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++)
            y[at(i, j, n)] = clamp(2 * x[at(i, n - 1 - j, n)] - 1, 0, 1);
}

void sort_pairs(int n, double *a, double *b) {
    for (int i = 0; i < n; i++) order(&a[i], b + i);
}

void roots(int n, double *a) {
    for (int i = 0; i < n; i++) a[i] = root(a[i]) + later(a[i], i);
}

double later(double x, int k) {
    while (k > 0) {
        x = x * 0.5 + root(k);
        k /= 2;
    }
    return x;
}
