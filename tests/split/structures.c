#include <stdio.h>

struct grid;

typedef struct {
    double at[2], speed[2];
    const char *name;
    struct grid *of;
} body;

/* Members that CUDA C++ is not told of keep their places. */
struct grid {
    int n, m;
    double weight;
    unsigned is_open : 1, kind : 3;
    long double exact;
    double *data;
};

static body bodies[200];

static void move(int n, body *all, double dt) {
    for (int i = 0; i < n; i++)
        for (int k = 0; k < 2; k++)
            all[i].at[k] += dt * all[i].speed[k];
}

static void weigh(int n, double *restrict out, struct grid by) {
    for (int i = 0; i < n; i++)
        out[i] = by.weight * i + by.m;
}

int main(void) {
    double out[100];
    struct grid by = {.m = 3, .weight = 0.5, .kind = 5};
    for (int i = 0; i < 200; i++) {
        bodies[i].at[0] = i;
        bodies[i].at[1] = -i;
        bodies[i].speed[0] = 1;
        bodies[i].speed[1] = 0.25;
    }
    move(200, bodies, 2);
    weigh(100, out, by);
    printf("%g %g %g %u\n", bodies[7].at[0], bodies[7].at[1], out[9], by.kind);
    return 0;
}
