// mupac: --cpu-threshold 0
#include <stdio.h>

// What a Fortran program keeps in a common block: every function writes it before it reads it.
static double t1, t2;
typedef struct {
    double x, y;
} vec;
static vec d;

static void first(int n, const double *r, double *f) {
    for (int i = 0; i < n; i++) {
        t1 = r[i] * 2;
        t2 = t1 + 1;
        f[i] += t1 * t2;
    }
}

static void second(int n, const double *r, double *f) {
    for (int i = 0; i < n; i++) {
        t1 = r[i] + 3;
        f[i] += t1;
    }
    t1 = 7;
    f[0] += t1;
}

static void third(int n, const double *r, double *f) {
    for (int i = 0; i < n; i++) {
        d.x = r[i];
        d.y = d.x * 2;
        f[i] += d.x * d.y;
    }
}

// Its last value is told after the loop, and that of a loop which does not run.
static void last(int n, const double *r, double *f) {
    static double t;
    t = 1;
    for (int i = 0; i < n; i++) {
        t = r[i];
        f[i] += t * t;
    }
    printf("%g\n", t);
}

int main(void) {
    static double r[50], f[50];
    for (int i = 0; i < 50; i++)
        r[i] = (i * 7 % 11) / 4.0;
    for (int k = 0; k < 2; k++) {
        first(50, r, f);
        second(50, r, f);
        third(50, r, f);
        last(50, r, f);
        last(0, r, f);
    }
    double sum = 0;
    for (int i = 0; i < 50; i++)
        sum += f[i] * (i + 1);
    printf("%.12g\n", sum);
    return 0;
}
