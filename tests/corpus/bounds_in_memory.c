// mupac: --cpu-threshold 0 --check-level=quick
#include <stdio.h>

#define PARTICLES 6
#define MOST 8

typedef struct {
    double v, x;
} particle;
typedef struct {
    long offset;
    int number, links[4];
} cell;
typedef struct {
    int count;
    int *atoms;
} cells;
typedef struct {
    double (*p)[3], (*f)[3];
} state;
typedef struct {
    cells *all;
    state *now;
} simulation;

// How many neighbours there are, which, and where their particles lie, says memory.
static void forces(int count, const cell *cell, const particle *r, particle *f) {
    int i, j, k, l, neighbour;
    particle d;
    for (l = 0; l < count; l++) {
        long first = cell[l].offset;
        for (k = 0; k < 1 + cell[l].number; k++) {
            if (k == 0)
                neighbour = l;
            else
                neighbour = cell[l].links[k - 1];
            const particle *other = &r[cell[neighbour].offset];
            for (i = 0; i < PARTICLES; i++)
                for (j = 0; j < PARTICLES; j++) {
                    d.v = r[first + i].v - other[j].v;
                    d.x = r[first + i].x * other[j].x;
                    f[first + i].v += d.v * d.x;
                    f[first + i].x += d.x;
                }
        }
    }
}

// The arrays that the inner loop reads are as long as the longest row.
static void rows(int n, const int *count, const double (*a)[MOST], double *b) {
    for (int i = 0; i < n; i++) {
        double sum = 0;
        for (int k = 0; k < count[i]; k++)
            sum += a[i][k];
        b[i] = sum;
    }
}

// As many elements of a row are written as memory says.
static void filled(int n, const int *count, const double *a, double *b) {
    for (int i = 0; i < n; i++)
        for (int k = 0; k < count[i]; k++)
            b[i * MOST + k] += 2 * a[i * MOST + k];
}

// The arrays need not be there where no cell has an atom.
static void advance(simulation *s, int n, double dt) {
    for (int i = 0; i < n; i++)
        for (int at = MOST * i, k = 0; k < s->all->atoms[i]; k++, at++) {
            s->now->p[at][0] += dt * s->now->f[at][0];
            s->now->p[at][1] += dt * s->now->f[at][1];
        }
}

static double shown(int n, const double *x) {
    double sum = 0;
    for (int i = 0; i < n; i++)
        sum += x[i] * (i % 5 + 1);
    return sum;
}

int main(void) {
    static cell grid[10];
    static particle r[60], f[60];
    static double a[10][MOST], b[80], p[80][3], q[80][3];
    static int counts[10];
    for (int i = 0; i < 10; i++) {
        grid[i].offset = (9 - i) * PARTICLES;
        grid[i].number = i % 4;
        for (int k = 0; k < 4; k++)
            grid[i].links[k] = (i + k + 1) % 10;
        counts[i] = i % 3 + 1;
    }
    for (int i = 0; i < 60; i++) {
        r[i].v = i % 7;
        r[i].x = i % 5;
    }
    for (int i = 0; i < 80; i++) {
        a[i / MOST][i % MOST] = i % 11;
        p[i][0] = p[i][1] = i;
        q[i][0] = i % 3;
        q[i][1] = i % 4;
    }
    forces(10, grid, r, f);
    printf("%g\n", shown(120, &f[0].v));
    rows(10, counts, a, b);
    rows(4, counts, a + 1, &a[0][3]);
    rows(10, counts, a, b + 20);
    filled(10, counts, a[0], b);
    counts[3] = 12;
    filled(6, counts, a[0], b);
    filled(4, counts, b + 1, b);
    printf("%g\n", shown(80, b));
    cells all = {10, counts};
    state now = {p, q};
    simulation s = {&all, &now};
    counts[3] = 2;
    advance(&s, 10, 0.5);
    counts[0] = 0;
    advance(&s, 10, 0.25);
    for (int i = 0; i < 10; i++)
        counts[i] = 0;
    s.now = 0;
    advance(&s, 10, 1);
    s.all = 0;
    advance(&s, 0, 1);
    printf("%g\n", shown(240, &p[0][0]));
    return 0;
}
