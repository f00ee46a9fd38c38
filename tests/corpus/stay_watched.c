// Conditions of loops read memory at every iteration: what kernels leave there goes home at once, all else stays.
// mupac: --cpu-threshold 100
#include <stdio.h>
#include <stdlib.h>

#define N 300

struct run { int steps, done; double limit; };

static int counts[N];
static double u[N], v[N];

static int place;

static double step(const double *from, double *to) {
    double most = 0.0;
    for (int i = 1; i < N - 1; i++)
        to[i] = 0.5 * (from[i - 1] + from[i + 1]);
    for (int i = 0; i < N; i++)
        if (to[i] > most) most = to[i];
    return most;
}

static void turn(void) {
    for (int i = 0; i < N; i++) counts[i] += i % 2;
    place = (place + 1) % N;
}

int main(void) {
    struct run *run = malloc(sizeof *run);
    run->steps = 4;
    run->done = 0;
    run->limit = 20.0;
    for (int i = 0; i < N; i++) {
        u[i] = v[i] = i % 9;
        counts[i] = 3 + i % 2;
    }
    // The number of steps lies behind a pointer, which leads to no array.
    for (int t = 0; t < run->steps; t++) {
        step(u, v);
        step(v, u);
        run->done++;
    }
    // The device counts the steps that are left: the loop sees it.
    int t = 0;
    const int *left = &counts[40];
    for (; *left > 0; t++) {
        step(u, v);
        for (int i = 0; i < N; i++) counts[i] -= 1;
        step(v, u);
    }
    // The element that is read moves: copies go home at the end of each step.
    int at = 0;
    double sum = 0.0;
    while (u[at] < run->limit) {
        sum += step(u, v);
        for (int i = 0; i < N; i++) u[i] += 0.25 * v[i] + 1.0;
        at = (at + 7) % N;
    }
    // The same, by a variable that a callee changes.
    while (counts[place] < 3) {
        turn();
        sum += step(u, v);
    }
    printf("%d %d %.9e %.9e\n", place + t, counts[41], sum, u[5] + v[7]);
    free(run);
    return 0;
}
