#include <stdio.h>
#include <stdlib.h>
#include <math.h>
#define SAMPLES 20000
#define FEATURES 50
#define EPOCHS 20
float X[SAMPLES][FEATURES]; float y[SAMPLES]; float w[FEATURES]; float grad[FEATURES]; float bias = 0;
float sigmoid(float z) { return 1.0f / (1.0f + expf(-z)); }
int main(void) {
    srand(1);
    for (int i = 0; i < SAMPLES; i++) { float s = 0; for (int j = 0; j < FEATURES; j++) { X[i][j] = rand() / (float)RAND_MAX - 0.5f; s += X[i][j] * (j % 3 - 1); } y[i] = s > 0; }
    for (int e = 0; e < EPOCHS; e++) {
        float loss = 0, gb = 0;
        for (int j = 0; j < FEATURES; j++) grad[j] = 0;
        for (int i = 0; i < SAMPLES; i++) {
            float z = bias;
            for (int j = 0; j < FEATURES; j++) z += w[j] * X[i][j];
            float p = sigmoid(z), err = p - y[i];
            for (int j = 0; j < FEATURES; j++) grad[j] += err * X[i][j];
            gb += err;
            loss += -(y[i] * logf(p + 1e-7f) + (1 - y[i]) * logf(1 - p + 1e-7f));
        }
        for (int j = 0; j < FEATURES; j++) w[j] -= 0.5f * grad[j] / SAMPLES;
        bias -= 0.5f * gb / SAMPLES;
        if (e % 5 == 0) printf("epoch %d loss %.3f\n", e, loss / SAMPLES);
    }
    return 0;
}
