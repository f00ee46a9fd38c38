/* What the host sets, moves, compares and nests between the launches meets the newest values. */
// mupac: --cpu-threshold 100
#include <stdio.h>
#include <string.h>
#define N 160
struct field { float now[N]; float next[N]; int steps; };
static struct field field;
static float limit[N];
static void grow(int n, float *x, const float *y) {
    for (int i = 0; i < n; i++) x[i] += 0.5f * y[i];
}
static void clear(float *x, int from, int to) {
    memset(x + from, 0, (to - from) * sizeof *x);
}
static float least(const float *x) {
    return x[0] < x[N - 1] ? x[0] : x[N - 1];
}
static void both(int depth) {
    grow(N, field.now, field.next);
    grow(N, field.next, field.now);
    if (depth > 0) both(depth - 1);
    field.steps += depth;
}
int main(void) {
    for (int i = 0; i < N; i++) {
        field.now[i] = i % 7;
        field.next[i] = i % 5;
        limit[i] = 1;
    }
    int t = 0;
    double sum = 0;
    while (least(field.now) < 500 && t < 9) {
        grow(N, field.now, limit);
        grow(N, field.now, field.next);
        sum += field.now[1];
        if (t == 2) clear(field.now, 60, 90);
        grow(N, field.next, field.now);
        sum -= field.next[t];
        if (t == 3) memmove(field.next + 10, field.next, 100 * sizeof(float));
        if (t == 4 && memcmp(field.now, field.next, sizeof field.now) != 0) both(2);
        if (t == 5) limit[7] = field.now[3];
        if (t == 6) field.now[1] = 2, field.steps += 4;
        grow(90, field.now, limit);
        t++;
    }
    for (int i = 0; i < N; i += 40) printf("%g %g\n", field.now[i], field.next[i]);
    printf("%d %d %g\n", t, field.steps, sum);
    return 0;
}
