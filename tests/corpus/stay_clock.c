// Clocks write what they are given and nothing else: a loop that takes its time keeps its arrays on the device.
// mupac: --cpu-threshold 100
#include <stdio.h>
#include <sys/time.h>
#include <time.h>

#define N 500

static float x[N], y[N];
static double spent[4];

static double now(void) {
    struct timeval tv;
    gettimeofday(&tv, NULL);
    return tv.tv_sec + 1e-6 * tv.tv_usec;
}

int main(void) {
    struct timespec first;
    double sum = 0.0;
    clock_gettime(CLOCK_MONOTONIC, &first);
    for (int i = 0; i < N; i++) x[i] = i % 5;
    for (int t = 0; t < 4; t++) {
        struct timespec before, after;
        double start = now();
        clock_gettime(CLOCK_MONOTONIC, &before);
        for (int i = 1; i < N; i++) y[i] = x[i] + x[i - 1];
        clock_gettime(CLOCK_MONOTONIC, &after);
        for (int i = 1; i < N; i++) x[i] = 0.25f * y[i];
        spent[t] = now() - start + (after.tv_sec - before.tv_sec) * 0.0;
        time(NULL);
    }
    for (int i = 0; i < N; i++) sum += x[i];
    printf("%g %s\n", sum, spent[3] > 1e6 ? "slow" : "fast");
    return 0;
}
