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
    for (int j = 0; j < FEATURES; j++)
        printf("%.6f %.6f %ld\n", weight[j], gradient[j], counts[j]);
    return 0;
}
