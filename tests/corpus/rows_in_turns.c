// mupac: --cpu-threshold 0 --check-level=quick
/* Two tables whose rows are allocated in turns, so that those of one lie between those of the other: swapped after every step,
   while the host prints an element now and then, warms another one, and sums up a row. One copy on the device has both. */
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv) {
    int n = argc > 1 ? atoi(argv[1]) : 240, steps = 60;
    double **u = malloc(n * sizeof *u), **v = malloc(n * sizeof *v), sum = 0;
    for (int i = 0; i < n; i++) {
        u[i] = calloc(n, sizeof **u);
        v[i] = calloc(n, sizeof **v);
        u[i][0] = v[i][0] = i;
    }
    for (int t = 0; t < steps; t++) {
        for (int i = 1; i < n - 1; i++)
            for (int j = 1; j < n - 1; j++) v[i][j] = 0.25 * (u[i - 1][j] + u[i + 1][j] + u[i][j - 1] + u[i][j + 1]);
        double **w = u;
        u = v;
        v = w;
        if (t % 16 == 3) printf("%d %.12g\n", t, u[1][1]);
        if (t % 32 == 9) u[n / 2][1] += 1.5;
    }
    for (int j = 0; j < n; j++) sum += u[n / 2][j];
    printf("%.12g\n", sum);
    return 0;
}
