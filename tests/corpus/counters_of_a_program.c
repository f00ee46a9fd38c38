// mupac: --cpu-threshold 0
// A program that counts with variables of file scope, keeps small arrays for each step, and sets structures where it declares
// them.
#include <stdio.h>
#include <stdlib.h>

#define N 24
int a[N][N], b[N][N], c[N][N], i, j, k, steps;
double x[N * N], y[N];

void multiply(void) {
    for (i = 0; i < N; i++)
        for (j = 0; j < N; j++) {
            c[i][j] = 0;
            for (k = 0; k < N; k++) c[i][j] += a[i][k] * b[k][j];
        }
}

// `steps` counts on from call to call.
void step(void) {
    double w[N];
    for (i = 0; i < N; i++) {
        w[i] = 0;
        for (j = 0; j < N; j++) w[i] += x[i * N + j] * y[j];
    }
    for (i = 0; i < N; i++) y[i] = w[i] / 64;
    steps++;
}

double converge(double *v, int times) {
    double w[N], sum = 0;
    for (int t = 0; t < times; t++) {
        for (int r = 0; r < N; r++) {
            w[r] = 0;
            for (int s = 0; s < N; s++) w[r] += x[r * N + s] * v[s];
        }
        sum = 0;
        for (int r = 0; r < N; r++) sum += w[r];
        for (int r = 0; r < N; r++) v[r] = w[r] / 32;
    }
    return sum;
}

struct mixture { int count; double *weight, *mean; };
static void add(struct mixture *m, const double *from) {
    for (int r = 0; r < m->count; r++) m->mean[r] += from[r];
}

int main(void) {
    srand(1);
    for (i = 0; i < N; i++)
        for (j = 0; j < N; j++) { a[i][j] = (i * j) % 10; b[i][j] = (i + j) % 7; }
    for (i = 0; i < N * N; i++) x[i] = rand() % 8;
    for (i = 0; i < N; i++) y[i] = i % 5;
    multiply();
    for (k = 0; k < 3; k++) step();
    double v[N];
    for (i = 0; i < N; i++) v[i] = 1;
    double sum = converge(v, 5);
    struct mixture m = {N, malloc(N * sizeof(double)), malloc(N * sizeof(double))};
    for (int r = 0; r < N; r++) { m.weight[r] = 1.0 / N; m.mean[r] = r; }
    add(&m, y);
    long all = 0;
    for (i = 0; i < N; i++)
        for (j = 0; j < N; j++) all += c[i][j] * (i + 2 * j);
    printf("%ld %d %.6f %.6f %.6f %.6f\n", all, steps, y[3], sum, m.mean[7], m.weight[1]);
    free(m.weight);
    free(m.mean);
    return 0;
}
