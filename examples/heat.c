/* Explicit heat equation on a square plate: a time loop around two stencil sweeps. */
#include <stdio.h>
#include <stdlib.h>

#define N 128
#define STEPS 20

static void init(double u[N][N]) {
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++)
            u[i][j] = (i == 0 || j == 0) ? 100.0 : 20.0;
}

static void simulate(int steps, double u[N][N], double v[N][N]) {
    for (int t = 0; t < steps; t++) {
        for (int i = 1; i < N - 1; i++)
            for (int j = 1; j < N - 1; j++)
                v[i][j] = u[i][j] + 0.1 * (u[i - 1][j] + u[i + 1][j] + u[i][j - 1] + u[i][j + 1] - 4.0 * u[i][j]);
        for (int i = 1; i < N - 1; i++)
            for (int j = 1; j < N - 1; j++)
                u[i][j] = v[i][j];
    }
}

int main(void) {
    double (*u)[N] = malloc(sizeof(double[N][N]));
    double (*v)[N] = malloc(sizeof(double[N][N]));
    init(u);
    simulate(STEPS, u, v);
    for (int i = 1; i < N; i += 16) {
        for (int j = 1; j < N; j += 16)
            printf("%8.3f", u[i][j]);
        printf("\n");
    }
    free(u);
    free(v);
    return 0;
}
