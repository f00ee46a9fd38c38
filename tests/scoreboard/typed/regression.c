#include <stdio.h>
#include <stdlib.h>
#include <math.h>

double sigmoid(double z) { return 1.0 / (1.0 + exp(-z)); }

int main(void) {
    const int m = 20000, n = 20;
    double **X = malloc(m * sizeof(double *));
    double *y = malloc(m * sizeof(double));
    double *w = calloc(n, sizeof(double)), *grad = malloc(n * sizeof(double));
    for (int i = 0; i < m; i++) {
        X[i] = malloc(n * sizeof(double));
        for (int j = 0; j < n; j++) X[i][j] = ((i * 7 + j * 13) % 100) / 100.0;
        y[i] = X[i][0] + X[i][1] > 1.0 ? 1.0 : 0.0;
    }
    double lr = 0.5;
    for (int epoch = 0; epoch < 50; epoch++) {
        double loss = 0;
        for (int j = 0; j < n; j++) grad[j] = 0;
        for (int i = 0; i < m; i++) {
            double z = 0;
            for (int j = 0; j < n; j++) z += w[j] * X[i][j];
            double h = sigmoid(z);
            loss += -(y[i] * log(h + 1e-12) + (1 - y[i]) * log(1 - h + 1e-12));
            for (int j = 0; j < n; j++) grad[j] += (h - y[i]) * X[i][j];
        }
        for (int j = 0; j < n; j++) w[j] -= lr * grad[j] / m;
        if (epoch % 10 == 0) printf("epoch %d loss %f\n", epoch, loss / m);
    }
    for (int j = 0; j < n; j++) printf("%f ", w[j]);
    printf("\n");
    return 0;
}
