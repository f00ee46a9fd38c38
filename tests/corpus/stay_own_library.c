// A function of the file that is called like one of the library does what the file says, and nobody knows what a stream
// whose buffer is an array of the program does: everything goes home first.
// mupac: --cpu-threshold 100
#include <stdio.h>
#include <stdlib.h>

#define N 400

static double a[N], b[N], c[N];
static double *hidden = c;

static void memcpy(double *to, const double *from, unsigned long bytes) {
    to[0] = from[1];
    hidden[2] = bytes;
}

int main(void) {
    double sum = 0.0;
    for (int i = 0; i < N; i++) {
        a[i] = i % 9;
        b[i] = i % 4;
        c[i] = 1.0;
    }
    for (int t = 0; t < 4; t++) {
        for (int i = 0; i < N; i++) b[i] = a[i] * 0.5 + c[i];
        memcpy(a, b, N * sizeof *a);
        for (int i = 0; i < N; i++) a[i] += c[i] - b[i];
    }
    for (int i = 0; i < N; i++) sum += a[i] + c[i];
    printf("%.9e\n", sum);
    return 0;
}
