// How far subscripts reach that data decide: counters of a histogram by a mask, by a type, by conditions before and around, by
// choices; a table that is looked up behind a limit. The host looks at no subscript.
#include <stdio.h>
#define N 3000

void mask(int n, const int *x, int *counts)
{
    for (int i = 0; i < n; i++)
        counts[x[i] & 15]++;
}

void bytes(int n, const unsigned char *x, unsigned *counts)
{
    for (int i = 0; i < n; i++)
        counts[x[i]]++;
}

void limited(int n, int bins, const float *x, int *counts)
{
    for (int i = 0; i < n; i++) {
        int b = (int)(x[i] * bins);
        if (b < 0)
            b = 0;
        if (b >= bins)
            b = bins - 1;
        counts[b]++;
    }
}

void chosen(int n, int bins, const float *x, int *counts)
{
    for (int i = 0; i < n; i++) {
        int b = (int)(x[i] * bins);
        b = b < 0 ? 0 : b >= bins ? bins - 1 : b;
        counts[b] += 2;
    }
}

void else_if(int n, int bins, const float *x, int *counts)
{
    for (int i = 0; i < n; i++) {
        int b = (int)(x[i] * bins);
        if (b < 0)
            b = 0;
        else if (b > bins)
            b = bins;
        counts[b]++;
    }
}

void left_out(int n, int bins, const float *x, int *counts)
{
    for (int i = 0; i < n; i++) {
        int b = (int)(x[i] * bins);
        if (b < 0 || b >= bins)
            continue;
        counts[b]++;
    }
}

void table(int n, int size, const float *x, const float *values, float *y)
{
    for (int i = 0; i < n; i++) {
        int at = (int)(x[i] * size);
        if (at < 0)
            at = 0;
        if (at > size - 2)
            at = size - 2;
        y[i] = values[at] + (x[i] * size - at) * (values[at + 1] - values[at]);
    }
}

/* A limit on one side is none. */
void below_only(int n, const int *x, int *counts)
{
    for (int i = 0; i < n; i++) {
        int b = x[i];
        if (b < 0)
            b = 0;
        counts[b]++;
    }
}

/* What was limited is something else. */
void moved_after(int n, int bins, const int *x, int *counts)
{
    for (int i = 0; i < n; i++) {
        int b = x[i];
        if (b < 0)
            b = 0;
        if (b > bins)
            b = bins;
        b = b + x[i];
        counts[b]++;
    }
}

static int x[N], counts[4 * N];
static unsigned by_byte[256];
static unsigned char small[N];
static float real[N], values[64] = {1}, y[N];

int main(void)
{
    for (int i = 0; i < N; i++) {
        x[i] = i * 7919 % 997;
        small[i] = (unsigned char)(i * 31);
        real[i] = (float)(i * 389 % 1200) / 1000 - 0.1f;
    }
    for (int i = 0; i < 64; i++)
        values[i] += (float)i / 4;
    mask(N, x, counts);
    bytes(N, small, by_byte);
    limited(N, 40, real, counts);
    chosen(N, 50, real, counts);
    else_if(N, 60, real, counts);
    left_out(N, 70, real, counts);
    table(N, 64, real, values, y);
    below_only(N, x, counts);
    moved_after(N, 20, x, counts);
    double sum = 0;
    for (int i = 0; i < N; i++)
        sum += y[i] + counts[i] * (i % 13) + by_byte[i % 256];
    printf("%.3f %d %d %u\n", sum, counts[3], counts[69], by_byte[77]);
    return 0;
}
