// mupac: --cpu-threshold 0
/* Loops that compute a number and add what follows from it to an array: the number waits in memory, so that the loop is cut. */
#include <math.h>
#include <stdio.h>

#define SAMPLES 3000
#define FEATURES 20

static double x[SAMPLES][FEATURES];
static int y[SAMPLES];
static double weight[FEATURES], gradient[FEATURES];

/* The gradient of logistic regression, and its loss. */
static double logistic(int n) {
    double loss = 0;
    for (int j = 0; j < FEATURES; j++)
        gradient[j] = 0;
    for (int i = 0; i < n; i++) {
        double z = 0;
        for (int j = 0; j < FEATURES; j++)
            z += weight[j] * x[i][j];
        double error = 1.0 / (1.0 + exp(-z)) - y[i];
        loss += error * error;
        for (int j = 0; j < FEATURES; j++)
            gradient[j] += error * x[i][j];
    }
    return loss / n;
}

/* In the old style, downwards, and with integers. */
static void mistakes(int n, long *counts) {
    int i, j, guess, wrong;
    for (i = n - 1; i >= 0; i--) {
        guess = 0;
        for (j = 0; j < FEATURES; j++)
            guess += x[i][j] > 0.5;
        wrong = (guess > FEATURES / 2) != y[i];
        for (j = 0; j < FEATURES; j++)
            counts[j] += wrong * (j + 1);
    }
}

/* What a sample changes the next one reads: as written, in order. */
static void perceptron(int n) {
    for (int i = 0; i < n; i++) {
        double z = 0;
        for (int j = 0; j < FEATURES; j++)
            z += weight[j] * x[i][j];
        double error = (z > 0) - y[i];
        for (int j = 0; j < FEATURES; j++)
            weight[j] -= 0.01 * error * x[i][j];
    }
}

/* Of the loop over i one part may run in any order; what the loop over k computes need not wait in memory for it. */
static void parts(int n, int m, double c[][FEATURES], double z[][FEATURES], const double *a) {
    for (int i = 1; i < n; i++) {
        for (int j = 0; j < m; j++)
            c[i][j] = 0.5 * c[i - 1][j] + a[j];
        for (int k = 1; k < m; k++) {
            double t = z[i][k - 1] * 0.5 - a[k];
            z[i][k] = t;
            for (int j = 0; j < m; j++)
                x[i][j] += t * a[j];
        }
    }
}

int main(void) {
    static long counts[FEATURES];
    for (int i = 0; i < SAMPLES; i++) {
        y[i] = i * 7 % 5 < 2;
        for (int j = 0; j < FEATURES; j++)
            x[i][j] = (i * 13 + j * 29) % 101 / 101.0;
    }
    perceptron(200);
    printf("%.6f\n", logistic(SAMPLES));
    mistakes(SAMPLES, counts);
    static double c[SAMPLES][FEATURES], z[SAMPLES][FEATURES];
    parts(100, FEATURES, c, z, weight);
    for (int j = 0; j < FEATURES; j++)
        printf("%.6f %.6f %ld %.6f %.6f %.6f\n", weight[j], gradient[j], counts[j], c[99][j], z[99][j], x[99][j]);
    return 0;
}
