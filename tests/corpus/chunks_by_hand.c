// Loops dealt out to workers by hand, a chunk for each, are one parallel loop: to the end of the last chunk, or to the bound where
// that comes first. A loop that lacks a chunk, or whose chunks lap over, stays what it is.
#include <stdio.h>
#define N 9000
#define MIN(a, b) ((a) < (b) ? (a) : (b))

void two_conditions(int workers, int n, float *x)
{
    int chunk = (n + workers - 1) / workers;
    for (int t = 0; t < workers; t++)
        for (int i = t * chunk; i < (t + 1) * chunk && i < n; i++)
            x[i] = x[i] * 2 + 1;
}

void first_and_last(int workers, int n, int chunk, int first, float *x)
{
    for (int t = 0; t < workers; t++) {
        int low = first + t * chunk;
        int high = MIN(low + chunk, n);
        for (int i = low; i < high; i++)
            x[i] = x[i] + 3;
    }
}

void cut_off(int workers, int n, int chunk, float *x)
{
    for (int t = 0; t < workers; t++) {
        int low = t * chunk, high = low + chunk;
        if (high > n)
            high = n;
        for (int i = low; i < high; i++)
            x[i] = x[i] * 0.5f;
    }
}

/* Chunks lap over by one element, to which two workers add. */
void lap_over(int workers, int n, int chunk, float *x)
{
    for (int t = 0; t < workers; t++)
        for (int i = t * chunk; i < (t + 1) * chunk + 1 && i < n; i++)
            x[i] = x[i] * 3 + 1;
}

/* The worker counts. */
void by_worker(int workers, int n, int chunk, float *x)
{
    for (int t = 0; t < workers; t++)
        for (int i = t * chunk; i < (t + 1) * chunk && i < n; i++)
            x[i] = x[i] + t;
}

static float x[N];

int main(void)
{
    for (int i = 0; i < N; i++)
        x[i] = (float)(i % 17);
    two_conditions(8, N, x);
    first_and_last(7, N, 1200, 9, x);
    cut_off(4, N, N / 4 + 1, x);
    cut_off(-4, N, -N / 4, x);
    lap_over(8, N, N / 8 + 1, x);
    by_worker(8, N, N / 8 + 1, x);
    double sum = 0;
    for (int i = 0; i < N; i++)
        sum += x[i] * (i % 7);
    printf("%.3f\n", sum);
    return 0;
}
