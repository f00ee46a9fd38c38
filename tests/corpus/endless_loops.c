// Loops without a condition that count all the same, since their first or last statement ends them; loops that ask behind each
// iteration and start from a number known before a branch. Where another statement comes before the test, they stay.
#include <stdio.h>
#define N 5000

void forever(int n, float *x)
{
    int i = 0;
    for (;;) {
        if (i >= n)
            break;
        x[i] = x[i] * 2 + 1;
        i++;
    }
}

void while_true(int n, float *x)
{
    int i = 0;
    while (1) {
        if (!(i < n))
            break;
        x[i] = x[i] + 3;
        i += 1;
    }
}

void no_condition(int n, int m, float *x)
{
    for (int i = 0;; i++) {
        if (i >= n || i >= m)
            break;
        x[i] = x[i] * 0.5f;
    }
}

void in_a_branch(int n, float *x)
{
    int i = 0;
    while (1) {
        if (i < n) {
            float t = x[i];
            x[i] = t * t;
        } else
            break;
        i++;
    }
}

void stepped_first(int n, float *x)
{
    int i = -1;
    while (1) {
        if (++i >= n)
            break;
        x[i] = x[i] - 2;
    }
}

int at_the_end(int n, float *x)
{
    int i = 0;
    for (;;) {
        x[i] = x[i] * 1.5f;
        i++;
        if (i >= n)
            break;
    }
    return i;
}

void behind_a_branch(int n, float *x)
{
    int i = n;
    if (n > 0)
        do {
            i--;
            x[i] = x[i] + 4;
        } while (i > 0);
}

/* What runs before the test runs once more. */
void counts_itself(int n, float *x, int *tests)
{
    for (int i = 0;; i++) {
        tests[0]++;
        if (i >= n)
            break;
        x[i] = x[i] + 1;
    }
}

/* Goes on where either holds, and one of them is no bound. */
void both_at_once(int n, int m, float *x)
{
    for (int i = 0;; i++) {
        if (i >= n && i >= m)
            break;
        x[i] = x[i] + 1;
    }
}

/* Might step over the end and run for ever. */
void by_two(unsigned n, float *x)
{
    for (unsigned i = 0;; i += 2) {
        if (i == n)
            break;
        x[i] = x[i] + 1;
    }
}

/* A step of 0 is an endless loop, which C allows here. */
void by_any(int n, int step, float *x)
{
    int i = 0;
    for (;;) {
        if (i >= n)
            break;
        x[i] = x[i] + 1;
        i += step;
    }
}

static float x[N];

int main(void)
{
    int tests = 0;
    for (int i = 0; i < N; i++)
        x[i] = (float)(i % 10);
    forever(N, x);
    while_true(N, x);
    no_condition(N, N - 9, x);
    in_a_branch(N, x);
    stepped_first(N, x);
    tests += at_the_end(N - 2, x);
    behind_a_branch(N, x);
    counts_itself(N, x, &tests);
    both_at_once(N, N - 3, x);
    by_two(N, x);
    by_any(N, 7, x);
    double sum = 0;
    for (int i = 0; i < N; i++)
        sum += x[i] * (i % 7);
    printf("%d %.3f\n", tests, sum);
    return 0;
}
