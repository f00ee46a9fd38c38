// What the host touches between the kernels are single elements: only copies that hold one of them go home.
// mupac: --cpu-threshold 100
#include <stdio.h>

#define N 300
#define STEPS 5

static double u[N], v[N], history[STEPS];
static int steps_done;
static double *mirror;

// Neither `history[t]` nor the counter has a copy; `u` and `v` stay all the time.
static void smooth(void) {
    for (int t = 0; t < STEPS; t++) {
        double change = 0.0;
        for (int i = 1; i < N - 1; i++)
            v[i] = 0.5 * u[i] + 0.25 * (u[i - 1] + u[i + 1]);
        for (int i = 1; i < N - 1; i++)
            change += (v[i] - u[i]) * (v[i] - u[i]);
        for (int i = 1; i < N - 1; i++)
            u[i] = v[i];
        history[t] = change;
        steps_done += 1;
    }
}

// The host sets one end of `u` itself, by another name, and reads what the device has of `v`: those copies go home.
static double driven(double *ends, double push) {
    double seen = 0.0;
    for (int t = 0; t < STEPS; t++) {
        for (int i = 1; i < N - 1; i++)
            v[i] = u[i - 1] + u[i + 1];
        seen += v[t + 1];
        ends[0] = push * t;
        for (int i = 1; i < N - 1; i++)
            u[i] = v[i] - u[i];
    }
    return seen;
}

// Where an element lies depends on memory, or on a value that the statement changes: all copies go home.
static void scattered(const int *at, double by) {
    int k = 0;
    for (int t = 0; t < STEPS; t++) {
        for (int i = 0; i < N; i++)
            u[i] = u[i] * by + v[i];
        u[at[t]] = t;
        v[k++] = by;
        mirror[t] += 1.0;
        for (int i = 0; i < N; i++)
            v[i] = u[i] - v[i];
    }
}

int main(void) {
    const int at[STEPS] = {7, 0, 299, 150, 7};
    for (int i = 0; i < N; i++) {
        u[i] = i % 17;
        v[i] = i % 5;
    }
    mirror = u;
    smooth();
    double seen = driven(u, 1.5);
    scattered(at, 0.25);
    double sum = 0.0;
    for (int i = 0; i < N; i++)
        sum += u[i] + 2.0 * v[i];
    for (int t = 0; t < STEPS; t++)
        printf("%.6e ", history[t]);
    printf("%d %.9e %.9e\n", steps_done, seen, sum);
    return 0;
}
