#include <stdio.h>
#include <stdlib.h>
#include <math.h>
#define COUNT 200000

typedef struct { float x, y, z; } Vec3;
typedef struct { Vec3 pos; Vec3 vel; float mass; int alive; } Particle;

Vec3 add(Vec3 a, Vec3 b) { Vec3 r = { a.x + b.x, a.y + b.y, a.z + b.z }; return r; }
Vec3 scale(Vec3 a, float s) { Vec3 r = { a.x * s, a.y * s, a.z * s }; return r; }
float length(Vec3 a) { return sqrtf(a.x * a.x + a.y * a.y + a.z * a.z); }

void update(Particle *ps, int n, float dt) {
    Vec3 g = { 0, -9.81f, 0 };
    for (int i = 0; i < n; i++) {
        Particle *p = &ps[i];
        if (!p->alive) continue;
        p->vel = add(p->vel, scale(g, dt));
        p->pos = add(p->pos, scale(p->vel, dt));
        if (p->pos.y < 0) {
            p->pos.y = -p->pos.y;
            p->vel.y *= -0.9f;
        }
        if (length(p->vel) > 1000.0f) p->alive = 0;
    }
}

double total_energy(const Particle *ps, int n) {
    double e = 0;
    for (int i = 0; i < n; i++) {
        float v = length(ps[i].vel);
        e += 0.5 * ps[i].mass * v * v + ps[i].mass * 9.81 * ps[i].pos.y;
    }
    return e;
}

int main(void) {
    Particle *ps = malloc(COUNT * sizeof(Particle));
    for (int i = 0; i < COUNT; i++) {
        ps[i].pos.x = i % 100; ps[i].pos.y = 10 + i % 7; ps[i].pos.z = i / 1000;
        ps[i].vel.x = 1; ps[i].vel.y = 0; ps[i].vel.z = -1;
        ps[i].mass = 1 + i % 3;
        ps[i].alive = 1;
    }
    for (int t = 0; t < 100; t++) update(ps, COUNT, 0.01f);
    printf("%f\n", total_energy(ps, COUNT));
    int alive = 0;
    for (int i = 0; i < COUNT; i++) alive += ps[i].alive;
    printf("%d\n", alive);
    free(ps);
    return 0;
}
