#include <stdio.h>
#include <stdlib.h>
#include <math.h>
struct bodies { int n; double *x, *y, *z, *vx, *vy, *vz, *m; };
void alloc_bodies(struct bodies *b, int n) {
    b->n = n;
    double **fields[] = { &b->x, &b->y, &b->z, &b->vx, &b->vy, &b->vz, &b->m };
    for (int f = 0; f < 7; f++) *fields[f] = malloc(n * sizeof(double));
}
void advance(struct bodies *b, double dt) {
    for (int i = 0; i < b->n; i++) {
        double ax = 0, ay = 0, az = 0;
        for (int j = 0; j < b->n; j++) {
            if (i == j) continue;
            double dx = b->x[j] - b->x[i], dy = b->y[j] - b->y[i], dz = b->z[j] - b->z[i];
            double d2 = dx * dx + dy * dy + dz * dz + 1e-9, inv = 1.0 / (d2 * sqrt(d2));
            ax += b->m[j] * dx * inv; ay += b->m[j] * dy * inv; az += b->m[j] * dz * inv;
        }
        b->vx[i] += ax * dt; b->vy[i] += ay * dt; b->vz[i] += az * dt;
    }
    for (int i = 0; i < b->n; i++) { b->x[i] += b->vx[i] * dt; b->y[i] += b->vy[i] * dt; b->z[i] += b->vz[i] * dt; }
}
double energy(const struct bodies *b) {
    double e = 0;
    for (int i = 0; i < b->n; i++) {
        e += 0.5 * b->m[i] * (b->vx[i] * b->vx[i] + b->vy[i] * b->vy[i] + b->vz[i] * b->vz[i]);
        for (int j = i + 1; j < b->n; j++) {
            double dx = b->x[i] - b->x[j], dy = b->y[i] - b->y[j], dz = b->z[i] - b->z[j];
            e -= b->m[i] * b->m[j] / sqrt(dx * dx + dy * dy + dz * dz);
        }
    }
    return e;
}
int main(int argc, char **argv) {
    int n = argc > 1 ? atoi(argv[1]) : 1000;
    struct bodies b;
    alloc_bodies(&b, n);
    for (int i = 0; i < n; i++) { b.x[i] = sin(i); b.y[i] = cos(i * 1.7); b.z[i] = sin(i * 0.3); b.vx[i] = b.vy[i] = b.vz[i] = 0; b.m[i] = 1.0 / n; }
    printf("%.8f\n", energy(&b));
    for (int s = 0; s < 10; s++) advance(&b, 0.001);
    printf("%.8f\n", energy(&b));
    return 0;
}
