#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#define N 2000
double x[N][3], v[N][3], f[N][3];
double forces(double L) {
    double pe = 0;
    for (int i = 0; i < N; i++) f[i][0] = f[i][1] = f[i][2] = 0;
    for (int i = 0; i < N - 1; i++)
        for (int j = i + 1; j < N; j++) {
            double d[3], r2 = 0;
            for (int k = 0; k < 3; k++) {
                d[k] = x[i][k] - x[j][k];
                d[k] -= L * rint(d[k] / L);
                r2 += d[k] * d[k];
            }
            if (r2 < 9.0) {
                double ir2 = 1 / r2, ir6 = ir2 * ir2 * ir2, ff = 48 * ir6 * (ir6 - .5) * ir2;
                pe += 4 * ir6 * (ir6 - 1);
                for (int k = 0; k < 3; k++) {
                    f[i][k] += ff * d[k];
                    f[j][k] -= ff * d[k];
                }
            }
        }
    return pe;
}
int main(void) {
    int n3 = 13;
    double L = 13 * 1.2, dt = .002;
    for (int i = 0; i < N; i++) {
        x[i][0] = (i % n3) * 1.2;
        x[i][1] = (i / n3 % n3) * 1.2;
        x[i][2] = (i / n3 / n3) * 1.2;
    }
    double pe = 0;
    for (int s = 0; s < 5; s++) {
        pe = forces(L);
        for (int i = 0; i < N; i++)
            for (int k = 0; k < 3; k++) {
                v[i][k] += dt * f[i][k];
                x[i][k] += dt * v[i][k];
            }
    }
    printf("%.8g\n", pe);
}
