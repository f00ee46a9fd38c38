// Rows that a function fills on the device before the time loop are looked at once, not at every product.
#include <stdio.h>

#define N 2000
#define WIDTH 12

static int start[N + 1], column[N * WIDTH];
static double value[N * WIDTH], x[N], y[N];
static int n = N;

static void fill(int n, int width, int *start, int *column, double *value) {
    for (int i = 0; i <= n; i++)
        start[i] = i * width;
    for (int k = 0; k < n * width; k++) {
        column[k] = (k * 7 + k / width) % n;
        value[k] = 1.0 / (1 + k % 5);
    }
}

static void multiply(int n, const int *start, const int *column, const double *value, const double *x, double *y) {
    for (int i = 0; i < n; i++) {
        double sum = 0;
        for (int k = start[i]; k < start[i + 1]; k++)
            sum += value[k] * x[column[k]];
        y[i] = sum;
    }
}

static void mix(int n, double *x, const double *y) {
    for (int i = 0; i < n; i++)
        x[i] = 0.5 * x[i] + 0.01 * y[i];
}

int main(void) {
    fill(n, WIDTH, start, column, value);
    for (int i = 0; i < n; i++)
        x[i] = i % 9;
    for (int t = 0; t < 25; t++) {
        multiply(n, start, column, value, x, y);
        mix(n, x, y);
    }
    printf("%g %g\n", x[3], x[n - 1]);
    return 0;
}
