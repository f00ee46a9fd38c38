#include <stdio.h>
#include <math.h>
#define N 1026
static double u[N][N], f[N][N];

int main(void) {
    double h = 1.0 / (N - 1), omega = 1.9;
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) {
            u[i][j] = 0;
            f[i][j] = sin(M_PI * i * h) * sin(M_PI * j * h);
        }
    for (int iter = 0; iter < 50; iter++) {
        double err = 0;
        for (int color = 0; color < 2; color++)
            for (int i = 1; i < N - 1; i++)
                for (int j = 1 + (i + color) % 2; j < N - 1; j += 2) {
                    double r = 0.25 * (u[i - 1][j] + u[i + 1][j] + u[i][j - 1] + u[i][j + 1] - h * h * f[i][j]) - u[i][j];
                    u[i][j] += omega * r;
                    err += r * r;
                }
        if (iter % 10 == 0) printf("%d %e\n", iter, sqrt(err));
    }
    printf("%e\n", u[N / 2][N / 2]);
    return 0;
}
