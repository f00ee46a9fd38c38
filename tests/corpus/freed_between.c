/* Memory that is freed between kernels: its copies end with it, all others stay. */
// mupac: --cpu-threshold 0
#include <stdio.h>
#include <stdlib.h>
struct grid {
    double *now, *next;
    int n;
};
static double step(const double *x, double *y, int n) {
    double *half = malloc(n * sizeof *half);
    for (int i = 0; i < n; i++) half[i] = x[i] * 0.5 + 1.0;
    for (int i = 0; i < n; i++) y[i] = half[i] * half[i] - x[i];
    double sum = 0;
    for (int i = 0; i < n; i++) sum += y[i] > 0 ? 1 : 0;
    free(half);
    return sum;
}
static void renew(struct grid *g) {
    double *fresh = calloc(g->n, sizeof *fresh);
    for (int i = 0; i < g->n; i++) fresh[i] = 0.25 * g->now[i] + g->next[i];
    free(g->now);
    g->now = fresh;
}
int main(void) {
    struct grid g = {malloc(900 * sizeof(double)), malloc(900 * sizeof(double)), 900};
    double total = 0, *rows[3];
    for (int i = 0; i < 900; i++) g.now[i] = (i % 100) * 0.01;
    for (int t = 0; t < 5; t++) {
        total += step(g.now, g.next, g.n);
        renew(&g);
        rows[t % 3] = malloc(100 * sizeof(double));
        for (int i = 0; i < 100; i++) rows[t % 3][i] = g.now[9 * i];
        if (t % 2) total += rows[t % 3][7];
        free(rows[t % 3]);
    }
    for (int i = 0; i < 900; i++) total += g.now[i] > 1 ? 1 : 0;
    printf("%.8g\n", total);
    free(g.now);
    free(g.next);
    return 0;
}
