#include <stdio.h>
#include <stdlib.h>
#include <math.h>

void invert(int n, double a[n][n], double inv[n][n]) {
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) inv[i][j] = i == j;
    for (int c = 0; c < n; c++) {
        double p = a[c][c];
        for (int j = 0; j < n; j++) {
            a[c][j] /= p;
            inv[c][j] /= p;
        }
        for (int i = 0; i < n; i++) {
            if (i == c) continue;
            double f = a[i][c];
            for (int j = 0; j < n; j++) {
                a[i][j] -= f * a[c][j];
                inv[i][j] -= f * inv[c][j];
            }
        }
    }
}

int main(void) {
    int n = 300;
    double (*a)[n] = malloc(sizeof(double[n][n])), (*b)[n] = malloc(sizeof(double[n][n]));
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) a[i][j] = (i == j) * n + (i + 2 * j) % 7;
    invert(n, a, b);
    double trace = 0;
    for (int i = 0; i < n; i++) trace += b[i][i];
    printf("%.9f\n", trace);
    free(a); free(b);
    return 0;
}
