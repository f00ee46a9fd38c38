// What inspections run over goes home before them, and nothing else does; so do sizes in memory.
// mupac: --cpu-threshold 100
#include <stdio.h>
#include <stdlib.h>

#define N 300
#define STEPS 5

struct body { int count; double mass[N]; };

static void multiply(int n, const int *first, const int *col, const double *val, const double *from, double *to) {
    for (int i = 0; i < n; i++) {
        double sum = 0.0;
        for (int k = first[i]; k < first[i + 1]; k++)
            sum += val[k] * from[col[k]];
        to[i] = sum;
    }
}

// The device shifts the columns: they come home for the next inspection, `p` and `q` do not.
static void shift(int count, int *col) {
    for (int k = 0; k < count; k++)
        col[k] = (col[k] + 3) % N;
}

// The device has the newer masses, and the count lies beside them.
static void decay(struct body *all) {
    for (int i = 0; i < N; i++)
        all->mass[i] *= 0.5;
}

static void add(const struct body *all, double *x) {
    for (int i = 0; i < all->count; i++)
        x[i] += 1.5;
}

int main(void) {
    int *first = malloc((N + 1) * sizeof *first), *col = malloc(4 * N * sizeof *col);
    double *val = malloc(4 * N * sizeof *val), *p = malloc(N * sizeof *p), *q = malloc(N * sizeof *q);
    struct body *all = malloc(sizeof *all);
    int k = 0;
    for (int i = 0; i < N; i++) {
        first[i] = k;
        for (int j = 0; j < 1 + i % 4; j++) {
            col[k] = (i + 7 * j) % N;
            val[k++] = 1.0 / (1 + j);
        }
    }
    first[N] = k;
    all->count = N;
    for (int i = 0; i < N; i++) {
        p[i] = i % 3;
        q[i] = 0.0;
        all->mass[i] = 64.0;
    }
    for (int t = 0; t < STEPS; t++) {
        multiply(N, first, col, val, p, q);
        shift(k, col);
        decay(all);
        add(all, q);
        multiply(N, first, col, val, q, p);
        printf("step %d of %d\n", t, STEPS);
    }
    printf("%.9e %.9e %g\n", p[7] + p[N - 1], q[N / 2], all->mass[5]);
    free(first), free(col), free(val), free(p), free(q), free(all);
    return 0;
}
