/* However a stay is left, the host has what the device computed. */
// mupac: --cpu-threshold 100
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#define N 600
static unsigned a[N], b[N];
static jmp_buf out;
static void step(unsigned *x, const unsigned *y, int by) {
    for (int i = 0; i < N; i++) x[i] += y[i] * by;
}
static int early(int rounds) {
    for (int t = 0; t < rounds; t++) {
        step(a, b, t);
        if (t == 3) return t;
        step(b, a, 1);
    }
    return -1;
}
static void leap(int t) {
    if (t == 2) longjmp(out, 1);
}
static void far(int rounds) {
    for (int t = 0; t < rounds; t++) {
        step(a, b, t);
        step(b, a, 1);
        leap(t);
    }
}
static void last(void) {
    step(a, b, 1);
    step(b, a, 1);
    printf("at exit %u %u\n", a[7], b[8]);
}
int main(void) {
    for (int i = 0; i < N; i++) a[i] = i, b[i] = 2 * i;
    printf("%d\n", early(9));
    printf("%u %u\n", a[3], b[4]);
    if (setjmp(out) == 0) far(9);
    printf("%u %u\n", a[5], b[6]);
    atexit(last);
    for (int t = 0; t < 9; t++) {
        step(a, b, t);
        step(b, a, 2);
        if (t == 4) exit(0);
    }
    return 0;
}
