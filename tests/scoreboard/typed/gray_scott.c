#include <stdio.h>
#include <stdlib.h>
#define W 256
#define H 256
#define IDX(x, y) ((y) * W + (x))
typedef struct { double *u, *v; } Grid;
static Grid make(void) {
    Grid g; g.u = malloc(sizeof(double) * W * H); g.v = malloc(sizeof(double) * W * H); return g;
}
static void init(Grid *g) {
    for (int y = 0; y < H; y++)
        for (int x = 0; x < W; x++) {
            g->u[IDX(x, y)] = 1.0; g->v[IDX(x, y)] = 0.0;
            if (x > W/2-10 && x < W/2+10 && y > H/2-10 && y < H/2+10) { g->u[IDX(x,y)] = 0.5; g->v[IDX(x,y)] = 0.25; }
        }
}
static double lap(const double *a, int x, int y) {
    int xm = (x + W - 1) % W, xp = (x + 1) % W, ym = (y + H - 1) % H, yp = (y + 1) % H;
    return a[IDX(xm, y)] + a[IDX(xp, y)] + a[IDX(x, ym)] + a[IDX(x, yp)] - 4 * a[IDX(x, y)];
}
static void step(const Grid *in, Grid *out, double f, double k, double dt) {
    for (int y = 0; y < H; y++)
        for (int x = 0; x < W; x++) {
            double u = in->u[IDX(x, y)], v = in->v[IDX(x, y)], uvv = u * v * v;
            out->u[IDX(x, y)] = u + dt * (0.16 * lap(in->u, x, y) - uvv + f * (1 - u));
            out->v[IDX(x, y)] = v + dt * (0.08 * lap(in->v, x, y) + uvv - (f + k) * v);
        }
}
int main(void) {
    Grid a = make(), b = make();
    init(&a);
    for (int t = 0; t < 200; t++) { step(&a, &b, 0.035, 0.065, 1.0); Grid tmp = a; a = b; b = tmp; }
    double s = 0;
    for (int i = 0; i < W * H; i++) s += a.v[i];
    printf("%.6f\n", s);
    free(a.u); free(a.v); free(b.u); free(b.v);
    return 0;
}
