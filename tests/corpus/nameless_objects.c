// Variables of the file whose structure has no name are known by themselves, with the arrays in them.
// mupac: --cpu-threshold 100
#include <stdio.h>

#define N 512

static struct {
    int n;
    double now[N], next[N];
    struct { double low, high; } limits;
} state;

static struct { double x, y; int id; } points[N], *spare = points;

struct { int counts[64]; } shared;

static void step(double c) {
    for (int i = 1; i < N - 1; i++)
        state.next[i] = state.now[i] + c * (state.now[i - 1] - 2 * state.now[i] + state.now[i + 1]);
    for (int i = 1; i < N - 1; i++)
        state.now[i] = state.next[i];
}

static void clamp(void) {
    double low = state.limits.low, high = state.limits.high;
    for (int i = 0; i < N; i++)
        state.now[i] = state.now[i] < low ? low : state.now[i] > high ? high : state.now[i];
}

static double move(double dt) {
    double sum = 0;
    for (int i = 0; i < N; i++) {
        points[i].x += dt * points[i].y;
        points[i].id = i;
    }
    for (int i = 0; i < N; i++)
        sum += spare[i].x + points[i].id;
    return sum;
}

int main(void) {
    state.limits.high = 90;
    state.n = N;
    for (int i = 0; i < N; i++) {
        state.now[i] = i % 100;
        points[i].y = i * 0.25;
    }
    for (int t = 0; t < 3; t++)
        step(0.25);
    clamp();
    double moved = move(0.5);
    for (int i = 0; i < N; i++)
        shared.counts[i % 64] += i;
    double sum = 0;
    for (int i = 0; i < state.n; i++)
        sum += state.now[i];
    printf("%.9g %.9g %d\n", sum, moved, shared.counts[5]);
    return 0;
}
