// mupac: --cpu-threshold 0
/* Rows of a flat matrix that nothing in the loop chooses: they are the same or have no element in common. */
#include <math.h>

void swap_rows(double *a, int n, int k, int p) {
    for (int j = 0; j < n; j++) {
        double t = a[k * n + j];
        a[k * n + j] = a[p * n + j];
        a[p * n + j] = t;
    }
}

void add_row(double *a, int n, int to, int from, double by) {
    for (int j = from; j < n; j++) a[to * n + j] += by * a[from * n + j];
}

/* Solves a system by elimination with pivots; -1 where there are several solutions. */
int solve(double *a, double *b, int n) {
    for (int k = 0; k < n; k++) {
        int p = k;
        double best = fabs(a[k * n + k]);
        for (int i = k + 1; i < n; i++)
            if (fabs(a[i * n + k]) > best) {
                best = fabs(a[i * n + k]);
                p = i;
            }
        if (best < 1e-12) return -1;
        if (p != k) {
            for (int j = 0; j < n; j++) {
                double t = a[k * n + j];
                a[k * n + j] = a[p * n + j];
                a[p * n + j] = t;
            }
            double t = b[k];
            b[k] = b[p];
            b[p] = t;
        }
        for (int i = k + 1; i < n; i++) {
            double by = a[i * n + k] / a[k * n + k];
            for (int j = k; j < n; j++) a[i * n + j] -= by * a[k * n + j];
            b[i] -= by * b[k];
        }
    }
    return 0;
}

/* The rows overlap: a row is longer than the distance to the next one. */
void overlap(double *a, int n, int k, int p) {
    for (int j = 0; j < 2 * n; j++) a[k * n + j] += a[p * n + j];
}
