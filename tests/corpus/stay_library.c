// What functions of the library touch is known: only copies of that go home, and of what no kernel has nothing does.
// mupac: --cpu-threshold 100
#include <stdio.h>
#include <string.h>

#define N 400
#define STEPS 6

static double u[N], v[N], w[N];
static int hits[N];
static char label[16];
static double norms[STEPS];

// `norms` and `label` have no copy: nothing goes home for them.
static void say(int t, double norm) {
    norms[t] = norm;
    label[0] = (char)('a' + t);
    label[1] = 0;
    printf("%s %2d: %.6e (%s)\n", label, t, norm, t % 2 ? "odd" : "even");
}

int main(void) {
    double *from = v + 100;
    for (int i = 0; i < N; i++) {
        u[i] = i % 9;
        w[i] = 1.0;
    }
    for (int t = 0; t < STEPS; t++) {
        double norm = 0.0;
        for (int i = 0; i < N; i++) v[i] = u[i] * 0.5 + w[i];
        for (int i = 0; i < N; i++) if (v[i] > norm) norm = v[i];
        for (int i = 0; i < N; i++) hits[i] = i * t;
        say(t, norm);
        // Part of `v` comes home by another name, and part of `u` goes to the device again.
        memcpy(&u[10 * t], from, 10 * t * sizeof *from);
        if (t == 2) memset(w, 0, sizeof w);
        if (t == 3) memmove(w + 1, w, (N - 1) * sizeof(double));
        if (t == 4 && memcmp(u, v, sizeof u) != 0) puts(label);
        for (int i = 0; i < N; i++) u[i] += 0.001 * hits[i];
    }
    printf("%.9e %.9e %d %zu\n", u[3] + u[60] + u[N - 1], w[N - 1] + norms[2], hits[3], (size_t)label[0]);
    return 0;
}
