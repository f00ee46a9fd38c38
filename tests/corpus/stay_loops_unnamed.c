/* Loops of the host whose ends have no name before them, or another one: a copy that is left behind would be seen. */
// mupac: --cpu-threshold 100
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#define N 500
#define ROW(x, from, n) do { double *y = (x) + (from), first = (*y = *y + 1); for (int i = 1; i < (n); i++) y[i] += first * y[i - 1]; } while (0)
static int begin[20];
static void damp(double *x, int n) {
    for (int i = 0; i < n; i++) x[i] = 0.75 * x[i] + 0.1;
}
/* Two arrays by pointers in an array, the first of which lies behind the other. */
static void both(double **u, int n) {
    double *pair[2] = {u[0], u[1]};
    for (int i = 1; i < n; i++) {
        pair[1][i] = pair[1][i - 1] + i;
        pair[0][i] = pair[0][i - 1] * 0.5 + 1;
    }
}
/* Ends that no iteration comes to: beyond memory, beyond an int. */
static void until(double *x, int most) {
    for (size_t i = 1; i < SIZE_MAX; i++) {
        x[i] += 0.5 * x[i - 1] + i;
        if (i > 300) break;
    }
    for (int i = 1; i < 3000000; i++) {
        if (i * 1000 >= most) break;
        x[i * 1000 / 100] += 0.5 * x[(i - 1) * 1000 / 100];
    }
}
static void downwards(double *x) {
    for (int i = 20; i < 60; i++) x[100 + i * SIZE_MAX] += 0.5 * x[101 + i * SIZE_MAX];
}
/* Steps that come to no end. */
static void leap(double *x, int n, unsigned by) {
    double sum = 0;
    for (int i = 0; i < n; i += 1 << 30)
        for (int j = 1; j < 50; j++) {
            sum = sum * 0.5 + x[(long)i * by + j - 1];
            x[(long)i * by + j] += sum;
        }
}
/* A subscript that a function of the library sets. */
static void set(double *x) {
    int at = 0;
    for (int i = 0; i < 50; i++) {
        int next = 9 * i;
        memcpy(&at, &next, sizeof at);
        x[at] += i;
    }
}
/* Without a group there is nothing to look at. */
static void group(double *x, int number, int n) {
    for (int i = 1; i < n; i++) x[begin[number] + i] += 0.5 * x[i - 1];
}
/* A size that a function of the library changes behind the call that asked for it. */
static double shrunk(int less) {
    int n = N;
    double *x = calloc(n, sizeof *x), sum = 0;
    if (!x) return 0;
    memcpy(&n, &less, sizeof n);
    damp(x, N);
    for (int i = 1; i < N; i++) x[i * 7 % N] += 0.5 * x[i - 1] + i;
    damp(x, N);
    for (int i = 0; i < N; i++) sum = sum * 0.99 + x[i];
    free(x);
    return sum + n;
}
int main(void) {
    double *all = calloc(2 * N, sizeof *all);
    if (!all) return 1;
    double *u[2] = {all + N, all};
    for (int i = 0; i < 20; i++) begin[i] = 7 * i;
    for (int t = 0; t < 4; t++) {
        damp(u[0], N);
        damp(u[1], N);
        both(u, 50);
        damp(u[1], N);
        until(u[1], 4000);
        damp(u[1], N);
        downwards(u[1]);
        damp(u[1], N);
        leap(u[1], 1 << 30, 1u << 31);
        damp(u[1], N);
        set(u[1]);
        damp(u[1], N);
        group(u[1], -2000000000, 0);
        group(u[1], t, 50);
        damp(u[1], N);
        ROW(u[1], 5, 40);
        damp(u[1], N);
    }
    double sum = 0;
    for (int i = 0; i < 2 * N; i++) sum = sum * 0.99 + all[i];
    printf("%.12g %.12g\n", sum, shrunk(10));
    free(all);
    return 0;
}
