/* Gravity between bodies held as structures: forces in parallel over the bodies, then one step of motion. */
#include <math.h>
#include <stdio.h>

#define BODIES 256
#define STEPS 3

struct vector { double x, y, z; };
struct body { struct vector position, velocity; double mass; };

static struct body bodies[BODIES];
static struct vector force[BODIES];

static void forces(void) {
    for (int i = 0; i < BODIES; i++) {
        double fx = 0.0, fy = 0.0, fz = 0.0;
        for (int j = 0; j < BODIES; j++) {
            double dx = bodies[j].position.x - bodies[i].position.x;
            double dy = bodies[j].position.y - bodies[i].position.y;
            double dz = bodies[j].position.z - bodies[i].position.z;
            double square = dx * dx + dy * dy + dz * dz + 1e-3;
            double pull = bodies[j].mass / (square * sqrt(square));
            fx += pull * dx;
            fy += pull * dy;
            fz += pull * dz;
        }
        force[i].x = fx;
        force[i].y = fy;
        force[i].z = fz;
    }
}

static void move(double dt) {
    for (int i = 0; i < BODIES; i++) {
        struct body *b = &bodies[i];
        b->velocity.x += dt * force[i].x;
        b->velocity.y += dt * force[i].y;
        b->velocity.z += dt * force[i].z;
        b->position.x += dt * b->velocity.x;
        b->position.y += dt * b->velocity.y;
        b->position.z += dt * b->velocity.z;
    }
}

int main(void) {
    for (int i = 0; i < BODIES; i++) {
        bodies[i].position.x = (i * 7 % 19) * 0.1;
        bodies[i].position.y = (i * 5 % 23) * 0.1;
        bodies[i].position.z = (i * 3 % 29) * 0.1;
        bodies[i].mass = 1.0 + i % 3;
    }
    for (int step = 0; step < STEPS; step++) {
        forces();
        move(0.001);
    }
    for (int i = 0; i < BODIES; i += 64)
        printf("%.6e %.6e %.6e\n", bodies[i].position.x, bodies[i].position.y, bodies[i].position.z);
    return 0;
}
