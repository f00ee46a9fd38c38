// Two bounds of 64 bits of which the lesser counts: `i <= limit && i < n` has one beyond `limit` only where `n` is not before it,
// so that nothing overflows for the greatest limit.
#include <limits.h>
#include <stdio.h>
#define N 5000

void up(long limit, long n, float *x)
{
    for (long i = 0; i <= limit && i < n; i++)
        x[i] = x[i] * 2 + 1;
}

void down(long limit, long n, float *x)
{
    for (long i = n; i >= limit && i > 5; i--)
        x[i] = x[i] + 3;
}

int read_behind(long limit, int n, float *x)
{
    int i;
    for (i = 0; i <= limit && i < n; i++)
        x[i] = x[i] * 0.5f;
    return i;
}

/* Two limits, and neither says that the other one can be passed. */
void two_limits(long limit, long other, float *x)
{
    for (long i = 0; i <= limit && i <= other; i++)
        x[i] = x[i] + 4;
}

/* What the host cannot compute beforehand in 64 bits. */
void lesser_unsigned(unsigned long n, unsigned long m, float *x)
{
    for (unsigned long i = 0; i < (n < m ? n : m); i++)
        x[i] = x[i] - 1;
}

static float x[N + 1];

int main(void)
{
    for (int i = 0; i <= N; i++)
        x[i] = (float)(i % 17);
    up(N - 9, N, x);
    up(LONG_MAX, N, x);
    up(LONG_MIN, LONG_MIN, x);
    down(LONG_MIN, N, x);
    down(70, N, x);
    int last = read_behind(LONG_MAX, N - 2, x) + read_behind(-3, N, x);
    two_limits(N, N - 4, x);
    lesser_unsigned(N, 77, x);
    double sum = 0;
    for (int i = 0; i <= N; i++)
        sum += x[i] * (i % 7);
    printf("%d %.3f\n", last, sum);
    return 0;
}
