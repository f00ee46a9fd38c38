// mupac: --cpu-threshold 0
#include <stdio.h>

typedef struct {
    double x, y;
} vec;
typedef struct {
    double p[3];
    vec v;
} wide;

// Each iteration writes both members before it reads one.
static void forces(int n, const vec *r, vec *f) {
    vec d;
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) {
            d.x = r[i].x - r[j].x;
            d.y = r[i].y - r[j].y;
            f[i].x += d.x * d.y;
            f[i].y += d.y;
        }
}

// A whole one, which is a parameter.
static void doubled(vec d, int n, const vec *r, vec *f) {
    for (int i = 0; i < n; i++) {
        d = r[i];
        d.x *= 2;
        f[i] = d;
    }
}

// Structures and arrays in structures, and arrays of structures.
static void nested(int n, const vec *r, vec *f) {
    wide b;
    vec d[2];
    for (int i = 0; i < n; i++) {
        b.p[0] = r[i].x;
        b.p[1] = r[i].y;
        b.p[2] = 1;
        for (int k = 0; k < 3; k++)
            b.p[k] *= 2;
        b.v = r[i];
        d[0] = b.v;
        d[1].x = b.p[0] + b.p[2];
        d[1].y = b.p[1];
        f[i].x += d[0].x * d[1].x;
        f[i].y += d[0].y * d[1].y;
    }
}

// Of the second loop, another member is one of its own.
static void side_by_side(int n, const vec *r, vec *f) {
    vec d;
    for (int i = 0; i < n; i++) {
        d.x = r[i].x;
        d.y = 1;
        f[i].x += d.x;
    }
    for (int i = 0; i < n; i++) {
        d.y = r[i].y * 2;
        f[i].y += d.y;
    }
}

int main(void) {
    static vec r[60], f[60];
    for (int i = 0; i < 60; i++) {
        r[i].x = (i * 7 % 11) / 8.0;
        r[i].y = (i * 5 % 13) / 4.0;
    }
    forces(60, r, f);
    nested(60, r, f);
    side_by_side(60, r, f);
    double sum = 0;
    for (int i = 0; i < 60; i++)
        sum += f[i].x * (i + 1) + f[i].y;
    vec none = {0, 0};
    doubled(none, 60, f, r);
    for (int i = 0; i < 60; i++)
        sum += r[i].x - r[i].y;
    printf("%.9g\n", sum);
    return 0;
}
