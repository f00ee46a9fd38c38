#include <math.h>
#include <stdio.h>
#include <stdlib.h>
typedef struct {
    float x, y, z, vx, vy, vz, m;
} Body;
#define SOFT 1e-9f
static void randomize(float *data, int n) {
    for (int i = 0; i < n; i++) data[i] = 2.0f * (rand() / (float)RAND_MAX) - 1.0f;
}
void bodyForce(Body *p, float dt, int n) {
    for (int i = 0; i < n; i++) {
        float Fx = 0.0f, Fy = 0.0f, Fz = 0.0f;
        for (int j = 0; j < n; j++) {
            float dx = p[j].x - p[i].x, dy = p[j].y - p[i].y, dz = p[j].z - p[i].z;
            float d2 = dx * dx + dy * dy + dz * dz + SOFT;
            float inv = 1.0f / sqrtf(d2);
            float inv3 = inv * inv * inv;
            Fx += dx * inv3;
            Fy += dy * inv3;
            Fz += dz * inv3;
        }
        p[i].vx += dt * Fx;
        p[i].vy += dt * Fy;
        p[i].vz += dt * Fz;
    }
}
int main(int argc, char **argv) {
    int n = argc > 1 ? atoi(argv[1]) : 3000, iters = 10;
    const float dt = 0.01f;
    Body *p = (Body *)malloc(n * sizeof(Body));
    randomize((float *)p, 7 * n);
    for (int it = 0; it < iters; it++) {
        bodyForce(p, dt, n);
        for (int i = 0; i < n; i++) {
            p[i].x += p[i].vx * dt;
            p[i].y += p[i].vy * dt;
            p[i].z += p[i].vz * dt;
        }
    }
    printf("%f %f %f\n", p[0].x, p[n / 2].y, p[n - 1].z);
    free(p);
    return 0;
}
