/* Coefficients that a kernel left on the device come home before another is passed them by value. */
// mupac: --cpu-threshold 100
// mupac: region weigh:19
// mupac: step split k 64 -> k.o k.i
// mupac: step bind k.o block.x
// mupac: step bind k.i thread.x
// mupac: region smooth:23
// mupac: step split i 64 -> i.o i.i
// mupac: step bind i.o block.x
// mupac: step bind i.i thread.x
// mupac: step constant i.i w -> w_c
#include <stdio.h>
#include <stdlib.h>
#define N 600
#define M 128
static double w[M], x[N + M], y[N];

static void weigh(int by) {
    for (int k = 0; k < M; k++) w[k] = (k * by + 3) % 17;
}

static void smooth(void) {
    for (int i = 0; i < N; i++) {
        double s = 0;
        for (int k = 0; k < M; k++) s += w[k] * x[i + k];
        y[i] = s / 1024;
    }
}

int main(void) {
    for (int i = 0; i < N + M; i++) x[i] = i % 32;
    for (int t = 0; t < 3; t++) {
        weigh(t + 5);
        smooth();
        for (int i = 0; i < N; i++) x[i] += y[i];
    }
    for (int i = 0; i < N; i += 60) printf("%g %g\n", x[i], y[i]);
    return 0;
}
