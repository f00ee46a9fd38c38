#include <stdio.h>
/* The loop that carries is the host's; its counter is named by an inspection, too. */
static void spread(int n, int m, const int *at, const double *w, double *x, double *y) {
    int u, i, q;
    for (u = 0; u < m; ++u) {
        for (i = 0; i < n; i++)
            y[i] = x[i] + u;
        for (i = 0; i < n; i++) {
            int k = u;
            for (q = 0; q < 3; q++) {
                k += at[u];
                x[i] += w[k] * y[i];
            }
        }
    }
}
int main(void) {
    static double x[100], y[100], w[200];
    static int at[8] = {3, 1, 4, 1, 5, 9, 2, 6};
    for (int i = 0; i < 200; i++) w[i] = 1.0 / (1 + i);
    spread(100, 8, at, w, x, y);
    printf("%.9f %.9f\n", x[5], y[7]);
    return 0;
}
