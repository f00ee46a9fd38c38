// Loops that macros make: headers, braces, whole loops; and what an assertion asks on the host.
// mupac: --cpu-threshold 100
#include <assert.h>
#include <stdio.h>

#define N 300
#define FOR(i, n) for (int i = 0; i < (n); i++)
#define CELLS(i, j) FOR(i, N) FOR(j, 8)
#define SWEEP_START(i, lo, hi, step) for (i = lo; i < hi; i += step) {
#define SWEEP_END }
#define SET_ALL(to, n, value) do { for (int k_ = 0; k_ < (n); k_++) (to)[k_] = (value); } while (0)
#define SWAP(t, a, b) do { double t = a; a = b; b = t; } while (0)
#define EACH(i, n, what) for (int i = 0; i < n; i++) { what }

static double cells[N][8], row[N], other[N];

static void step(int width, int strides) {
    int stride = width / strides;
    assert(stride >= 1);
    CELLS(i, j) cells[i][j] = i * 0.5 + j;
    FOR(i, N) row[i] += other[(i * stride) % N];
}

// Of a nest of one macro that stays on the host, no loop stands by itself.
static void say(int n) {
    CELLS(i, j) {
        cells[i][j] *= 2;
        if (i == n && j == 3) printf("%g\n", cells[i][j]);
    }
}

static int sweep(void) {
    int i;
    SWEEP_START(i, 2, N, 3)
        other[i] = row[i - 1];
        if (i % 5 == 0) continue;
        other[i + 1 < N ? i + 1 : 0] += 1;
    SWEEP_END
    return i;
}

int main(void) {
    SET_ALL(row, N, 1.25);
    SET_ALL(other, N, 0.5);
    FOR(t, 4) {
        step(12, 4);
        EACH(i, N, row[i] *= 0.5; other[i] += row[i];)
    }
    FOR(i, N / 2) SWAP(t, row[i], row[N - 1 - i]);
    say(7);
    int last = sweep();
    double sum = 0;
    CELLS(i, j) sum += cells[i][j];
    FOR(i, N) sum += row[i] + 3 * other[i];
    printf("%d %.9g\n", last, sum);
    return 0;
}
