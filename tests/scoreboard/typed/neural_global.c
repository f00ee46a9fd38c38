#include <stdio.h>
#include <stdlib.h>
#include <math.h>
#define INPUTS 256
#define HIDDEN 128
#define OUTPUTS 10
#define SAMPLES 200

double x[SAMPLES][INPUTS], target[SAMPLES][OUTPUTS];
double w1[HIDDEN][INPUTS], b1[HIDDEN], w2[OUTPUTS][HIDDEN], b2[OUTPUTS];
double h[HIDDEN], o[OUTPUTS], dh[HIDDEN], d_o[OUTPUTS];

void forward(int s) {
    for (int i = 0; i < HIDDEN; i++) {
        double sum = b1[i];
        for (int j = 0; j < INPUTS; j++) sum += w1[i][j] * x[s][j];
        h[i] = tanh(sum);
    }
    for (int i = 0; i < OUTPUTS; i++) {
        double sum = b2[i];
        for (int j = 0; j < HIDDEN; j++) sum += w2[i][j] * h[j];
        o[i] = 1.0 / (1.0 + exp(-sum));
    }
}

void backward(int s, double rate) {
    for (int i = 0; i < OUTPUTS; i++)
        d_o[i] = (o[i] - target[s][i]) * o[i] * (1 - o[i]);
    for (int i = 0; i < HIDDEN; i++) {
        double sum = 0;
        for (int j = 0; j < OUTPUTS; j++) sum += d_o[j] * w2[j][i];
        dh[i] = sum * (1 - h[i] * h[i]);
    }
    for (int i = 0; i < OUTPUTS; i++) {
        for (int j = 0; j < HIDDEN; j++) w2[i][j] -= rate * d_o[i] * h[j];
        b2[i] -= rate * d_o[i];
    }
    for (int i = 0; i < HIDDEN; i++) {
        for (int j = 0; j < INPUTS; j++) w1[i][j] -= rate * dh[i] * x[s][j];
        b1[i] -= rate * dh[i];
    }
}

int main(void) {
    srand(7);
    for (int i = 0; i < HIDDEN; i++)
        for (int j = 0; j < INPUTS; j++) w1[i][j] = (double)rand() / RAND_MAX - 0.5;
    for (int i = 0; i < OUTPUTS; i++)
        for (int j = 0; j < HIDDEN; j++) w2[i][j] = (double)rand() / RAND_MAX - 0.5;
    for (int s = 0; s < SAMPLES; s++) {
        for (int j = 0; j < INPUTS; j++) x[s][j] = (double)rand() / RAND_MAX;
        target[s][s % OUTPUTS] = 1;
    }
    for (int epoch = 0; epoch < 5; epoch++) {
        double error = 0;
        for (int s = 0; s < SAMPLES; s++) {
            forward(s);
            backward(s, 0.1);
            for (int i = 0; i < OUTPUTS; i++) error += (o[i] - target[s][i]) * (o[i] - target[s][i]);
        }
        printf("%d %f\n", epoch, error);
    }
    return 0;
}
