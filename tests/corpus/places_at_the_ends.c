// Places whose counters start at the least or greatest number that they can be.
// mupac: --cpu-threshold 0
#include <limits.h>
#include <stdio.h>

enum { H = 12, W = 40, N = 3000 };

static int a[H][W], b[N];

static void last_upwards(int *at) {
    int best = 5, by = 1, bx = 1;
    for (int y = INT_MIN; y < INT_MIN + H; y++)
        for (int x = INT_MIN; x < INT_MIN + W; x++) {
            int v = a[(long)y - INT_MIN][(long)x - INT_MIN];
            if (v >= best) {
                best = v;
                by = y;
                bx = x;
            }
        }
    at[0] = by;
    at[1] = bx;
}

static void last_downwards(int *at) {
    int best = 5, by = 1, bx = 1;
    for (int y = INT_MAX; y > INT_MAX - H; y--)
        for (int x = INT_MAX; x > INT_MAX - W; x--) {
            int v = a[INT_MAX - y][INT_MAX - x];
            if (v >= best) {
                best = v;
                by = y;
                bx = x;
            }
        }
    at[0] = by;
    at[1] = bx;
}

static long last_from(long from) {
    int best = 5;
    long at = 1;
    for (long i = from; i < from + N; i++)
        if (b[i - from] >= best) {
            best = b[i - from];
            at = i;
        }
    return at;
}

static size_t first_from(size_t from) {
    int best = 5;
    size_t at = 1;
    for (size_t i = from; i < from + N; i++)
        if (b[i - from] > best) {
            best = b[i - from];
            at = i;
        }
    return at;
}

static long last_by_steps_of(long wide) {
    int best = 5;
    long at = 1;
    for (long i = wide * 1099511627776; i < wide * 1099511627776 + N; i++)
        if (b[i - wide * 1099511627776] >= best) {
            best = b[i - wide * 1099511627776];
            at = i;
        }
    return at;
}

static long last_from_the_least(void) {
    int best = 5;
    long at = 1;
    for (long i = LONG_MIN; i < LONG_MIN + N; i++)
        if (b[i - LONG_MIN] >= best) {
            best = b[i - LONG_MIN];
            at = i;
        }
    return at;
}

static long last_from_the_greatest(void) {
    int best = 5;
    long at = 1;
    for (long i = LONG_MAX; i > LONG_MAX - N; i--)
        if (b[LONG_MAX - i] >= best) {
            best = b[LONG_MAX - i];
            at = i;
        }
    return at;
}

int main(void) {
    int up[2], down[2];
    a[0][0] = b[0] = 9;
    last_upwards(up);
    last_downwards(down);
    printf("%d %d %d %d\n", up[0], up[1], down[0], down[1]);
    printf("%ld %zu\n", last_from(LONG_MIN), first_from(7));
    printf("%ld %ld %ld\n", last_by_steps_of(-8388608), last_from_the_least(), last_from_the_greatest());
    a[3][4] = b[1234] = 10;
    last_upwards(up);
    last_downwards(down);
    printf("%d %d %d %d\n", up[0], up[1], down[0], down[1]);
    printf("%ld %zu\n", last_from(LONG_MIN), first_from((size_t)LONG_MAX - 1000));
    printf("%ld %ld %ld\n", last_by_steps_of(-8388608), last_from_the_least(), last_from_the_greatest());
    return 0;
}
