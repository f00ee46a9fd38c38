// mupac: --cpu-threshold 0 --check-level=quick
// `(a % n + n) % n` lies below `n` also where `a` is negative: neighbours on a torus are read without a look at every subscript.
#include <stdbool.h>
#include <stdio.h>

#define N 12

typedef struct {
    int w, h;
    bool *cells, *next;
} life;

static int wrap(int a, int n) {
    return (a % n + n) % n;
}

static bool is_alive(const life *l, int x, int y) {
    return l->cells[wrap(y, l->h) * l->w + wrap(x, l->w)];
}

static int neighbours(const life *l, int x, int y) {
    int count = 0;
    for (int dy = -1; dy <= 1; dy++)
        for (int dx = -1; dx <= 1; dx++)
            if (dx || dy)
                count += is_alive(l, x + dx, y + dy);
    return count;
}

static void step(life *l) {
    for (int y = 0; y < l->h; y++)
        for (int x = 0; x < l->w; x++) {
            int count = neighbours(l, x, y);
            l->next[y * l->w + x] = count == 3 || (is_alive(l, x, y) && count == 2);
        }
    bool *t = l->cells;
    l->cells = l->next;
    l->next = t;
}

static void shift(int n, int by, const double *from, double *to) {
    for (int i = 0; i < n; i++)
        to[i] = from[((i - by) % n + n) % n];
}

// By a constant it is known which element is meant, so that none is written twice.
static void shift_by_constant(const double *from, double *to) {
    for (int i = 0; i < N; i++)
        to[((i - 15) % N + N) % N] = from[i];
}

// Where it is written, two iterations may meet.
static void scattered(int n, int by, const double *from, double *to) {
    for (int i = 0; i < n; i++)
        to[(i * by) % n + n] = from[i];
}

int main(void) {
    static bool cells[N * N], next[N * N];
    life l = {.w = N, .h = N - 1, .cells = cells, .next = next};
    static double from[N + 5], to[2 * N + 10];
    for (int i = 0; i < N * N; i++)
        l.cells[i] = i % 5 == 0 || i % 7 == 1;
    for (int t = 0; t < 3; t++)
        step(&l);
    int alive = 0;
    for (int i = 0; i < N * N; i++)
        alive += l.cells[i];
    for (int i = 0; i < N + 5; i++)
        from[i] = i * i % 13;
    shift(N + 5, 40, from, to);
    shift_by_constant(from, to + N + 5);
    printf("%d %g %g %g\n", alive, to[0], to[N + 4], to[N + 6]);
    scattered(N + 5, -2, from, to);
    printf("%g %g\n", to[3], to[N + 5]);
    return 0;
}
