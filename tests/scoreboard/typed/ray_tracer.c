#include <math.h>
#include <stdio.h>
#include <stdlib.h>
typedef struct {
    double x, y, z;
} Vec;
typedef struct {
    Vec c;
    double r;
    Vec col;
} Sphere;
static Vec add(Vec a, Vec b) {
    Vec r = {a.x + b.x, a.y + b.y, a.z + b.z};
    return r;
}
static Vec sub(Vec a, Vec b) {
    Vec r = {a.x - b.x, a.y - b.y, a.z - b.z};
    return r;
}
static Vec mul(Vec a, double s) {
    return (Vec){a.x * s, a.y * s, a.z * s};
}
static double dot(Vec a, Vec b) {
    return a.x * b.x + a.y * b.y + a.z * b.z;
}
static Vec norm(Vec a) {
    return mul(a, 1.0 / sqrt(dot(a, a)));
}
static int hit(const Sphere *s, Vec o, Vec d, double *t) {
    Vec oc = sub(o, s->c);
    double b = dot(oc, d), c = dot(oc, oc) - s->r * s->r, disc = b * b - c;
    if (disc < 0) return 0;
    *t = -b - sqrt(disc);
    return *t > 1e-4;
}
int main(void) {
    int w = 640, h = 480;
    Vec *img = malloc(w * h * sizeof(Vec));
    Sphere s[3] = {
        {{0, 0, 5}, 1, {1, 0, 0}}, {{2, 0, 6}, 1.2, {0, 1, 0}}, {{-2, .5, 4}, .8, {0, 0, 1}}};
    Vec light = norm((Vec){1, 1, -1});
    for (int y = 0; y < h; y++)
        for (int x = 0; x < w; x++) {
            Vec d = norm((Vec){(x - w / 2.0) / w, (h / 2.0 - y) / w, 1}), o = {0, 0, 0},
                col = {.2, .3, .5};
            double best = 1e30;
            for (int i = 0; i < 3; i++) {
                double t;
                if (hit(&s[i], o, d, &t) && t < best) {
                    best = t;
                    Vec p = add(o, mul(d, t)), n = norm(sub(p, s[i].c));
                    double k = fmax(0.1, dot(n, light));
                    col = mul(s[i].col, k);
                }
            }
            img[y * w + x] = col;
        }
    double sum = 0;
    for (int i = 0; i < w * h; i++) sum += img[i].x + img[i].y + img[i].z;
    printf("%.6f\n", sum);
}
