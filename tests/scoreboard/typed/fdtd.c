#include <stdio.h>
#include <stdlib.h>
#include <math.h>
#define NX 200
#define NY 200
float **alloc2d(int nx, int ny) { float **a = (float **)malloc(nx * sizeof(float *)); for (int i = 0; i < nx; i++) a[i] = (float *)calloc(ny, sizeof(float)); return a; }
int main() {
    float **ez = alloc2d(NX, NY), **hx = alloc2d(NX, NY), **hy = alloc2d(NX, NY);
    for (int t = 0; t < 100; t++) {
        for (int i = 1; i < NX; i++) for (int j = 1; j < NY; j++) ez[i][j] += 0.5f * (hy[i][j] - hy[i-1][j] - hx[i][j] + hx[i][j-1]);
        ez[NX/2][NY/2] += expf(-0.01f * (t - 30) * (t - 30));
        for (int i = 0; i < NX - 1; i++) for (int j = 0; j < NY - 1; j++) { hx[i][j] -= 0.5f * (ez[i][j+1] - ez[i][j]); hy[i][j] += 0.5f * (ez[i+1][j] - ez[i][j]); }
    }
    float m = 0; for (int i = 0; i < NX; i++) for (int j = 0; j < NY; j++) if (fabsf(ez[i][j]) > m) m = fabsf(ez[i][j]);
    printf("%f\n", m);
    for (int i = 0; i < NX; i++) { free(ez[i]); free(hx[i]); free(hy[i]); } free(ez); free(hx); free(hy);
}
