// mupac: --cpu-threshold 0
// Pointers that are set in several places, null among them, and such members of local structures.
#include <stdio.h>
#include <stdlib.h>

typedef struct {
    float x, y, r;
    int id;
} ball;

typedef struct {
    float t;
    const ball *of;
    int n;
} hit;

// The nearest one, asked for in all spellings.
static void nearest(float *out, int n, const ball *all, int m) {
    for (int i = 0; i < n; i++) {
        const ball *best = NULL;
        float least = 30;
        for (int k = 0; k < m; k++) {
            float d = (all[k].x - i) * (all[k].x - i);
            if (d < least) {
                least = d;
                best = &all[k];
            }
        }
        out[i] = best ? best->r : -1;
        if (!best)
            out[i] -= 2;
        else
            out[i] += best[0].y;
        if (best == NULL && i > 3) out[i] -= 4;
        if (best != 0) out[i] += best->id;
    }
}

// Neighbours of a place in a table.
static void between(double *out, int n, const double *grid, int m, const double *x) {
    for (int i = 0; i < n; i++) {
        int k = (int)x[i];
        if (k < 0) k = 0;
        if (k > m - 1) k = m - 1;
        const double *low;
        if (k == m - 1)
            low = &grid[k - 1];
        else
            low = &grid[k];
        out[i] = low[0] + (x[i] - k) * (low[1] - low[0]);
    }
}

// A member of a local structure, set by a function that is called.
static void closest(const ball *all, int m, float x, hit *h) {
    for (int k = 0; k < m; k++) {
        float d = (all[k].x - x) * (all[k].x - x) + all[k].y;
        if (d < h->t) {
            h->t = d;
            h->of = &all[k];
            h->n++;
        }
    }
}
static void trace(float *out, int w, int h, const ball *all, int m) {
    for (int y = 0; y < h; y++)
        for (int x = 0; x < w; x++) {
            hit nearest = {y * 4.0f, NULL, 0};
            closest(all, m, x, &nearest);
            out[y * w + x] = nearest.of ? nearest.of->r + nearest.n : -nearest.n - 1;
        }
}

// One that is written through; another one that is copied, and set back to null.
static void mark(ball *all, int m) {
    for (int i = 0; i < m; i++) {
        ball *p;
        if (i % 2)
            p = all + i;
        else
            p = &all[i];
        ball *q = p;
        p->r += 1;
        q->id = (int)p->r;
    }
}
static void last_two(int *out, int n, const ball *all, int m) {
    for (int i = 0; i < n; i++) {
        const ball *a = NULL, *b = NULL;
        for (int k = 0; k < m; k++) {
            if (all[k].id % 5 == i % 7) {
                b = a;
                a = &all[k];
            }
            if (all[k].id == 3) a = NULL;
        }
        out[i] = (a ? a->id : -1) * 100 + (b ? b->id : -1);
    }
}

// What one is set to, and whether that is null, is computed of where it led before.
static ball field[30];
static void hop(int *out, int n) {
    for (int i = 0; i < n; i++) {
        const ball *p = &field[1 + i % 29];
        int k = 0;
        while (p && k < 29) {
            k++;
            p = p->id > 3 ? p - p->id % 2 : NULL;
            if (p) p = p->id > 6 ? field + p->id : NULL;
        }
        out[i] = p ? k * 100 + p->id : k;
    }
}

// Members that change places.
typedef struct {
    const ball *a, *b;
} pair;
static void turn(int *out, int n) {
    for (int i = 0; i < n; i++) {
        pair p;
        p.a = &field[i % 15];
        p.b = &field[i % 7 * 2];
        for (int k = 0; k < 3; k++) {
            const ball *other = p.a;
            p.a = p.b;
            p.b = other;
        }
        out[i] += p.a->id * 100 + p.b->id;
    }
}

// Of two arrays it is not said which one is meant.
static void either(float *out, int n, const float *a, const float *b) {
    for (int i = 0; i < n; i++) {
        const float *p = a;
        if (b[i] > 3) p = b;
        out[i] = p[i] * 2;
    }
}

int main(void) {
    enum { N = 60, M = 30 };
    static ball all[M];
    static float out[N * 20];
    static double grid[M], x[N], y[N];
    static int id[N];
    for (int i = 0; i < M; i++) {
        all[i] = (ball){i * 7 % 90, i % 4, i * 0.5f, i * 3 % 11};
        grid[i] = i * i;
    }
    for (int i = 0; i < N; i++) x[i] = i * 0.5 - 3;
    double sum = 0;
    for (int m = 0; m < 3; m++) {
        nearest(out, N, all, m * 15);
        for (int i = 0; i < N; i++) sum = sum * 0.75 + out[i];
    }
    between(y, N, grid, M, x);
    for (int i = 0; i < N; i++) sum = sum * 0.75 + y[i];
    trace(out, N, 20, all, M);
    for (int i = 0; i < N * 20; i++) sum = sum * 0.75 + out[i];
    mark(all, M);
    for (int i = 0; i < M; i++) field[i] = all[i];
    hop(id, N), turn(id, N);
    int hops = 0;
    for (int i = 0; i < N; i++) hops += id[i] * (i % 7);
    last_two(id, N, all, M);
    either(out, N, out + N, out + 3 * N);
    for (int i = 0; i < N; i++) sum = sum * 0.75 + id[i] + out[i];
    printf("%.9g %d\n", sum, hops);
    return 0;
}
