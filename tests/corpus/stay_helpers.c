// Functions of the file that no region runs in say inside what they touch: only that goes home, or to the device again.
// mupac: --cpu-threshold 100
#include <stdio.h>
#include <stdlib.h>

#define N 300
#define STEPS 6

struct work {
    double *u, *v;
    int n, at;
};

static double table[N], rows[4][N];
static int next[4] = {2, 3, 1, 0};
static int ticks;

static void edges(double *a, int n, double value) {
    a[0] = value;
    a[n - 1] = -value;
}
static double probe(const double *a, int k) { return a[k] + a[k + 1]; }
static int tick(void) { return ticks++; }
// What leads to the elements is memory, too.
static void poke(struct work *w, double by) { w->u[w->at] += by; }
static void swap(struct work *w) {
    double *u = w->u, *v = w->v;
    w->u = v, w->v = u;
}
// The subscript is what the statement changes.
static void follow(int *k) { k[0] = next[k[0]]; }
// The condition changes where it looks before it does.
static double past_first(const double *a, int k) {
    if (k++, a[k] > 0.5) return a[k];
    return k > 3 && a[0] > 1.0 ? a[1] : 0.25;
}
// Only now and then does it read all.
static double total(const double *a, int t) {
    double sum = 0.0;
    if (t % 3) return sum;
    for (int i = 0; i < N; i++) {
        sum += a[i];
        if (sum > 1e12) break;
    }
    return sum;
}
// The elements are those of an array that the region knows by another name.
static void shift(double *from, int k) {
    double *p = from + k;
    p[-1] = p[1];
    *p++ = 1.0;
    p[0] += 2.0;
}
static void step(struct work *w) {
    double *u = w->u, *v = w->v;
    for (int i = 1; i < N - 1; i++) v[i] = 0.5 * u[i] + 0.25 * (u[i - 1] + u[i + 1]) + 0.01 * table[i];
}

int main(void) {
    struct work w = {malloc(N * sizeof(double)), malloc(N * sizeof(double)), N, 7};
    double seen[STEPS], sums = 0.0;
    int k[1] = {0};
    for (int i = 0; i < N; i++) {
        w.u[i] = i % 13;
        w.v[i] = 0.0;
        table[i] = i % 3;
    }
    for (int t = 0; t < STEPS; t++) {
        edges(w.u, N, t);
        step(&w);
        seen[t] = probe(w.v, 3 * t);
        poke(&w, 0.5);
        swap(&w);
        sums += total(w.u, tick()) + past_first(w.u, t);
        follow(k);
    }
    for (int t = 0; t < STEPS; t++) {
        for (int i = 0; i < N; i++) rows[1][i] = rows[2][i] + table[i];
        shift(&rows[1][0], 4 + t);
        shift(table, 9 + t);
        for (int i = 0; i < N; i++) rows[2][i] = rows[1][i] - rows[3][i];
    }
    for (int t = 0; t < STEPS; t++) printf("%.6e ", seen[t]);
    double sum = 0.0;
    for (int i = 0; i < N; i++) sum += w.u[i] + 2.0 * w.v[i] + table[i] + rows[1][i] * rows[2][i];
    printf("%.9e %.9e %d %d\n", sums, sum, ticks, k[0]);
    return 0;
}
