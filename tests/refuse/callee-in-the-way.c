#include <stdlib.h>

static double jumps(double x) {
    if (x > 3) { if (x < 9) goto out; }
    x = x * 2;
out:
    return x;
}

static double waits(double x) {
    __asm__ volatile("nop");
    return x + 1;
}

static double precise(double x) {
    long double y = x;
    return (double)(y * y);
}

double elsewhere(double x);

static double through(double x) { return elsewhere(x) + 1; }

static double deeper(double x) {
    return through(x) * 2;
}

static double noise(void) {
    return rand() / 3.0;
}

static void fill(double *row, int n) {
    for (int i = 0; i < n; i++) row[i] = i;
}

double behind(int i);

void before(int n, double *y) {
    for (int i = 0; i < n; i++) y[i] = behind(i); //~ unknown-call: calls behind, which needs scale, declared only at line 42
}

static int scale = 3;
double behind(int i) { return i * scale; }

void loops(int n, int m, double *y, double u[8][4][4]) {
    for (int i = 0; i < n; i++) y[i] = jumps(y[i]); //~ unknown-call: calls jumps, which is not understood at line 4: goto is not supported
    for (int i = 0; i < n; i++) y[i] = waits(y[i]); //~ unknown-call: calls waits, which is not understood at line 11: inline assembly is not supported
    for (int i = 0; i < n; i++) y[i] = precise(y[i]); //~ unknown-call: calls precise, which uses the type long double at line 16
    for (int i = 0; i < n; i++) y[i] = through(y[i]); //~ unknown-call: calls through, which calls elsewhere at line 22, whose effects are not known
    for (int i = 0; i < n; i++) y[i] = deeper(y[i]); //~ unknown-call: calls deeper, which calls through, which calls elsewhere at line 22, whose effects are not known
    for (int i = 0; i < n; i++) y[i] = noise(); //~ side-effect: calls noise, which calls rand at line 29, whose numbers come one after another
    for (int i = 0; i < n; i++) fill(&u[i][0][0], m); //~ unknown-call: calls fill, which is not seen through with these arguments
}
