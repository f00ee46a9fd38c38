// mupac: --cpu-threshold 0
// Loops tested by themselves that name constants of their functions, elements of enumerations, blocks of memory and statics,
// where calls and cases decide whether they run.
#include <stdio.h>
#include <stdlib.h>

typedef enum { RED, GREEN, BLUE } color;

int ready(void);

void reached(FILE *log, float *a, int n) {
    if (ready() > 0 && n > 4)
        for (int i = 0; i < n; i++) a[i] *= 2;
    switch (n & 3) {
    case 0:
        for (int i = 0; i < n; i++) a[i] *= 3;
        break;
    default:
        for (int i = 0; i < n; i++) a[i] += 3;
    }
    fprintf(log, "%d\n", n);
}

int constants(FILE *log, int *a, float *w, int n) {
    const int length = 12;
    const double shift = 0.5;
    _Bool seen = 0;
    for (int i = 0; i < length; i++) a[i] += n;
    for (int i = 0; i < n; i++) {
        w[i] = w[i] * shift + length;
        if (w[i] == 3) seen = 1;
    }
    fprintf(log, "%d\n", seen);
    return seen;
}

void enumerations(FILE *log, const color *colors, int *out, int n) {
    for (int i = 0; i < n; i++) out[i] = colors[i] == BLUE ? 3 : 4;
    fprintf(log, "%d\n", n);
    for (int i = 0; i < n; i++) {
        color own = colors[i];
        out[i] += own;
    }
}

void blocks(FILE *log, float *out, int n) {
    static int squares[32];
    float *halves = malloc(n * sizeof *halves);
    for (int i = 0; i < 32; i++) squares[i] = i * i;
    for (int i = 0; i < n; i++) halves[i] = out[i] * 0.5f + squares[i & 31];
    for (int i = 1; i < n; i++) out[i] = halves[i] - halves[i - 1];
    fprintf(log, "%d\n", n);
    free(halves);
}
