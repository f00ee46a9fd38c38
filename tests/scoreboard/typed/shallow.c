#include <stdio.h>
#include <stdlib.h>
#include <math.h>
#include <time.h>
int main(int argc, char *argv[]) {
    int n = argc > 1 ? atoi(argv[1]) : 200;
    int steps = argc > 2 ? atoi(argv[2]) : 50;
    double dx = 1.0 / n, dt = 0.1 * dx, g = 9.8;
    double (*h)[n] = malloc(sizeof(double[n][n]));
    double (*u)[n] = malloc(sizeof(double[n][n]));
    double (*v)[n] = malloc(sizeof(double[n][n]));
    double (*hn)[n] = malloc(sizeof(double[n][n]));
    double (*un)[n] = malloc(sizeof(double[n][n]));
    double (*vn)[n] = malloc(sizeof(double[n][n]));
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) {
            double x = (i - n / 2) * dx, y = (j - n / 2) * dx;
            h[i][j] = 1.0 + 0.5 * exp(-50 * (x * x + y * y)); u[i][j] = v[i][j] = 0;
        }
    clock_t start = clock();
    for (int s = 0; s < steps; s++) {
        for (int i = 1; i < n - 1; i++)
            for (int j = 1; j < n - 1; j++) {
                un[i][j] = u[i][j] - dt * g * (h[i + 1][j] - h[i - 1][j]) / (2 * dx);
                vn[i][j] = v[i][j] - dt * g * (h[i][j + 1] - h[i][j - 1]) / (2 * dx);
                hn[i][j] = h[i][j] - dt * ((u[i + 1][j] - u[i - 1][j]) + (v[i][j + 1] - v[i][j - 1])) / (2 * dx);
            }
        for (int i = 0; i < n; i++) { hn[i][0] = hn[i][1]; hn[i][n - 1] = hn[i][n - 2]; un[i][0] = un[i][n-1] = 0; vn[i][0] = vn[i][n-1] = 0; }
        for (int j = 0; j < n; j++) { hn[0][j] = hn[1][j]; hn[n - 1][j] = hn[n - 2][j]; un[0][j] = un[n-1][j] = 0; vn[0][j] = vn[n-1][j] = 0; }
        void *t;
        t = h; h = hn; hn = t; t = u; u = un; un = t; t = v; v = vn; vn = t;
        if (s % 10 == 0) { double mass = 0; for (int i = 0; i < n; i++) for (int j = 0; j < n; j++) mass += h[i][j]; printf("step %d mass %.6f\n", s, mass * dx * dx); }
    }
    printf("time %f\n", (double)(clock() - start) / CLOCKS_PER_SEC);
    return 0;
}
