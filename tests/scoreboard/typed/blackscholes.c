#include <math.h>
#include <stdio.h>
#include <stdlib.h>
typedef struct {
    double S, K, T, r, v;
    int type;
} Option;
static double cnd(double x) {
    const double a1 = 0.31938153, a2 = -0.356563782, a3 = 1.781477937, a4 = -1.821255978,
                 a5 = 1.330274429;
    double L = fabs(x), k = 1.0 / (1.0 + 0.2316419 * L);
    double w = 1.0 - 1.0 / sqrt(2 * M_PI) * exp(-L * L / 2) *
                         (a1 * k + a2 * k * k + a3 * pow(k, 3) + a4 * pow(k, 4) + a5 * pow(k, 5));
    if (x < 0) w = 1.0 - w;
    return w;
}
double price(const Option *o) {
    double d1 = (log(o->S / o->K) + (o->r + o->v * o->v / 2) * o->T) / (o->v * sqrt(o->T)),
           d2 = d1 - o->v * sqrt(o->T);
    if (o->type == 0)
        return o->S * cnd(d1) - o->K * exp(-o->r * o->T) * cnd(d2);
    else
        return o->K * exp(-o->r * o->T) * cnd(-d2) - o->S * cnd(-d1);
}
int main(int argc, char **argv) {
    int n = argc > 1 ? atoi(argv[1]) : 100000;
    Option *o = malloc(n * sizeof *o);
    double *p = malloc(n * sizeof *p);
    for (int i = 0; i < n; i++) {
        o[i].S = 90 + i % 20;
        o[i].K = 100;
        o[i].T = 0.5 + (i % 7) * .1;
        o[i].r = .03;
        o[i].v = .2;
        o[i].type = i & 1;
    }
    for (int i = 0; i < n; i++) p[i] = price(&o[i]);
    double s = 0;
    for (int i = 0; i < n; i++) s += p[i];
    printf("%.6f\n", s / n);
}
