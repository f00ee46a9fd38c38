// What the program copies from array to array while both are on the device is copied there; where one is not, or they overlap,
// on the host.
// mupac: --cpu-threshold 100
#include <stdio.h>
#include <string.h>

#define N 400
#define STEPS 6

static double now[N], next[N], past[N], apart[N];

// A statement alone below a condition, and one with an `else`.
static void keep(int t) {
    if (t % 2)
        memcpy(past, now, sizeof now);
    else
        memmove(past + 10, now, 20 * sizeof *now);
}

struct pair {
    double *first, *second;
};
// What leads to the arrays is memory, too.
static void exchange(struct pair *p, int count) {
    memcpy(p->second, p->first, count * sizeof(double));
}

int main(void) {
    struct pair pair = {now, past};
    double *from = next;
    for (int i = 0; i < N; i++) {
        now[i] = i % 11;
        past[i] = 0.0;
    }
    for (int t = 0; t < STEPS; t++) {
        for (int i = 1; i < N - 1; i++) next[i] = 0.5 * now[i] + 0.25 * (now[i - 1] + now[i + 1]) + 0.1 * past[i];
        next[0] = t;
        keep(t);
        memcpy(now, from, N * sizeof(double));
        // In one copy, together and apart.
        memmove(past + t, past, 100 * sizeof *past);
        memcpy(past + 200, past, 100 * sizeof *past);
        // The device has none of these.
        memcpy(apart, now + 5 * t, 5 * sizeof *now);
        memcpy(now + 7, past, t * sizeof *past);
        memcpy(now, now, 0);
        if (t == 4) exchange(&pair, N / 2);
    }
    double sum = apart[2];
    for (int i = 0; i < N; i++) sum += now[i] + 2.0 * past[i];
    printf("%.9e %.6e\n", sum, apart[4]);
    return 0;
}
