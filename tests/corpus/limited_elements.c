// Elements that conditions and clamps limit where they are subscripts themselves, without a local in between: counters of a
// histogram, a table that is looked up. The host looks at no subscript, unless it is another element or was written since.
#include <stdio.h>
#define N 3000
#define MAX(a, b) ((a) > (b) ? (a) : (b))
#define MIN(a, b) ((a) < (b) ? (a) : (b))

struct particle {
    int cell;
    int mass;
};

void between(int n, const int *x, int *counts)
{
    for (int i = 0; i < n; i++)
        if (x[i] >= 0 && x[i] < 256)
            counts[x[i]]++;
}

void clamped(int n, const int *x, int *counts)
{
    for (int i = 0; i < n; i++)
        counts[MAX(0, MIN(x[i], 15))]++;
}

void clamped_local(int n, int bins, const int *x, int *counts)
{
    for (int i = 0; i < n; i++) {
        int b = MIN(MAX(x[i], 0), bins - 1);
        counts[b]++;
    }
}

void by_unsigned(int n, const int *x, int *counts)
{
    for (int i = 0; i < n; i++)
        if ((unsigned)x[i] < 300u)
            counts[x[i]]++;
}

void member(int n, int cells, const struct particle *p, int *mass)
{
    for (int i = 0; i < n; i++) {
        if (p[i].cell < 0 || p[i].cell >= cells)
            continue;
        mass[p[i].cell] += p[i].mass;
    }
}

void table(int n, int size, const int *x, const float *values, float *y)
{
    for (int i = 0; i < n; i++)
        y[i] = x[i] >= 0 && x[i] < size ? values[x[i]] : 0.0f;
}

void by_two(int n, int size, const int *next, const int *x, int *counts)
{
    for (int i = 0; i < n; i++)
        if (next[i] >= 0 && next[i] < n && x[next[i]] >= 0 && x[next[i]] < size)
            counts[x[next[i]]]++;
}

/* A limit of one element is none of its neighbour. */
void neighbour(int n, const int *x, int *counts)
{
    for (int i = 0; i + 1 < n; i++)
        if (x[i] >= 0 && x[i] < 256)
            counts[x[i + 1]]++;
}

/* The element behind the condition is another one. */
void moved_on(int n, const int *x, int *counts)
{
    for (int i = 0; i + 1 < n; i++) {
        int k = i;
        if (x[k] >= 0 && x[k] < 256) {
            k++;
            counts[x[k]]++;
        }
    }
}

/* What was limited is written since. */
void written_since(int n, int *x, int *counts)
{
    for (int i = 0; i < n; i++)
        if (x[i] >= 0 && x[i] < 256) {
            x[i] += 20;
            counts[x[i]]++;
        }
}

/* A limit on one side is none. */
void one_side(int n, const int *x, int *counts)
{
    for (int i = 0; i < n; i++)
        if (x[i] < 256)
            counts[x[i]]++;
}

static int x[N], next[N], counts[1200];
static struct particle p[N];
static float values[64], y[N];
static int mass[50];

int main(void)
{
    for (int i = 0; i < N; i++) {
        x[i] = i * 7919 % 997 - 20;
        next[i] = i * 31 % (N + 50) - 9;
        p[i].cell = i * 13 % 70 - 10;
        p[i].mass = i % 8;
    }
    for (int i = 0; i < 64; i++)
        values[i] = 1 + (float)i / 4;
    between(N, x, counts);
    clamped(N, x, counts);
    clamped_local(N, 700, x, counts);
    by_unsigned(N, x, counts);
    member(N, 50, p, mass);
    table(N, 64, x, values, y);
    by_two(N, 500, next, x, counts);
    neighbour(N, x, counts + 30);
    moved_on(N, x, counts + 30);
    one_side(N, x, counts + 30);
    written_since(N, x, counts);
    double sum = 0;
    for (int i = 0; i < N; i++)
        sum += y[i] + mass[i % 50] + counts[i % 1200] * (i % 13) + x[i] % 3;
    printf("%.3f %d %d\n", sum, counts[3], counts[269]);
    return 0;
}
