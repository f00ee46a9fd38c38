#include <stdio.h>
#include <stdlib.h>
#define NX 256
#define NY 128
#define Q 9
static const int cx[Q] = {0, 1, 0, -1, 0, 1, -1, -1, 1}, cy[Q] = {0, 0, 1, 0, -1, 1, 1, -1, -1};
static const double w[Q] = {4. / 9,  1. / 9,  1. / 9,  1. / 9, 1. / 9,
                            1. / 36, 1. / 36, 1. / 36, 1. / 36};
static double f[NX][NY][Q], g[NX][NY][Q];
int main(void) {
    double tau = .6;
    for (int x = 0; x < NX; x++)
        for (int y = 0; y < NY; y++)
            for (int q = 0; q < Q; q++) f[x][y][q] = w[q] * (1 + .1 * (x == NX / 2));
    for (int t = 0; t < 20; t++) {
        for (int x = 0; x < NX; x++)
            for (int y = 0; y < NY; y++) {
                double rho = 0, ux = 0, uy = 0;
                for (int q = 0; q < Q; q++) {
                    rho += f[x][y][q];
                    ux += cx[q] * f[x][y][q];
                    uy += cy[q] * f[x][y][q];
                }
                ux /= rho;
                uy /= rho;
                for (int q = 0; q < Q; q++) {
                    double cu = cx[q] * ux + cy[q] * uy;
                    double feq =
                        w[q] * rho * (1 + 3 * cu + 4.5 * cu * cu - 1.5 * (ux * ux + uy * uy));
                    int xn = (x + cx[q] + NX) % NX, yn = (y + cy[q] + NY) % NY;
                    g[xn][yn][q] = f[x][y][q] - (f[x][y][q] - feq) / tau;
                }
            }
        for (int x = 0; x < NX; x++)
            for (int y = 0; y < NY; y++)
                for (int q = 0; q < Q; q++) f[x][y][q] = g[x][y][q];
    }
    double s = 0;
    for (int x = 0; x < NX; x++) s += f[x][3][1];
    printf("%.10f\n", s);
}
