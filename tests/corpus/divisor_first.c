/* Where a guard divides, it asks first that the divisor is not 0; a name that only a kernel uses is declared behind first values. */
// mupac: --cpu-threshold 0
#include <stdio.h>

static double a[1000];

void rows(double *x, int height, int groups, int step, int width) {
    for (int i = 0; i < groups; i++)
        for (int j = 0; j < width; j++)
            x[i * (height / groups) * step + j] = x[i * (height / groups) * step + j] * 2 + j;
}

/* The divisor is 0 in calls in which no iteration divides. */
void few(int n, int m, int p, const int *restrict w, int x[][40]) {
    for (int i = 0; i < n; i++)
        for (int k = 1; k < m; k++)
            if (k < p && n / p > 1) x[i][0] += x[i][k] * w[k];
}

void fewer(int n, int m, int p, int q, int x[][40]) {
    for (int i = 0; i < n; i++)
        for (int k = 1; k < m; k++)
            if (k < p)
                if (100 / p > q) x[i][0] -= x[i][k];
}

void strided(int n, int m, int s, int x[][40]) {
    for (int i = 0; i < n; i++)
        if (s > 0)
            for (int j = 0; j < m; j += s) x[i][j] += 1;
}

void quotients(int n, int m, int s, int x[][40]) {
    for (int i = 0; i < n; i++)
        for (int j = 0; j < m / s; j++) x[i][j] += 1;
}

static int b[64][40], w[64];

int main(void) {
    int first[3] = {1, 2, 3}, times = 5;
    for (int i = 0; i < 1000; i++)
        a[i] = i * times;
    rows(a, 6, 3, 4, 5);
    rows(a, 6, 0, 4, 5);
    for (int i = 0; i < 64; i++) {
        w[i] = i;
        for (int j = 0; j < 40; j++)
            b[i][j] = i + j;
    }
    few(30, 20, 3, w, b);
    few(30, 1, 0, w, b);
    fewer(30, 20, 3, 9, b);
    fewer(30, 20, 0, 9, b);
    strided(30, 40, 3, b);
    strided(30, 40, 0, b);
    quotients(30, 40, 3, b);
    quotients(0, 40, 0, b);
    printf("%f %d %d %d\n", a[17], first[1], b[3][0], b[29][0]);
    return 0;
}
