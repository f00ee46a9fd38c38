/* Functions that callers may call in place: what they read is what they write. */
#include <stdio.h>

#define N 3000

/* Each element is read before it is written. */
static void add(double *to, const double *a, const double *b, int n) {
    for (int i = 0; i < n; i++)
        to[i] = a[i] + b[i];
}

/* Each element is read in the iteration before the one that writes it, so that in parallel it has to be kept. */
static void ahead(double *to, const double *from, int n) {
    for (int i = 0; i < n - 1; i++) {
        double here = from[i];
        to[i] = here - 0.5 * from[i + 1];
    }
}

/* Each element is read after it was written: never in place. */
static void behind(double *to, const double *from, int n) {
    for (int i = 1; i < n; i++)
        to[i] = from[i] + 0.25 * from[i - 1];
}

/* What the loop over k reads it has written before: never in place. */
static void sum_again(double *to, const double *from, int n) {
    for (int i = 0; i < n; i++) {
        double sum = 0;
        for (int k = 0; k < 3; k++) {
            to[i] = sum;
            sum += from[i];
        }
    }
}

/* The bound is read again before every iteration: never in place. */
static void count(int *to, const int *from, int n) {
    for (int i = 0; i < n; i++)
        for (int j = 0; j < from[i]; j++)
            to[i] = j;
}

/* Not every element is read, so that the range is one that may be looked at. */
static void sometimes(double *to, const double *from, const int *mark, int n) {
    for (int i = 0; i < n; i++) {
        double value = 0;
        if (mark[i] && i + 1 < n)
            value = from[i] + from[i + 1];
        to[i] = value;
    }
}

/* The last value is computed of what was there before. */
static double last(double *to, const double *from, int n) {
    double value = 0;
    for (int i = 0; i < n; i++) {
        value = from[i] * 0.5;
        to[i] = value + 1;
    }
    return value;
}

/* Of two names for one type. */
enum kind { FIRST, SECOND = 0x7fffffff };
static void next_kind(enum kind *to, const unsigned *from, int n) {
    for (int i = 0; i < n; i++)
        to[i] = (enum kind)((from[i] + 3) % 1000);
}

int main(void) {
    static double x[N], y[N];
    static int marks[N], counts[N];
    static enum kind kinds[N];
    double *p = x, *q = y, found = 0;
    for (int i = 0; i < N; i++) {
        x[i] = i % 13;
        y[i] = 2 - i % 7;
        marks[i] = i % 3;
        counts[i] = i % 4;
    }
    for (int t = 0; t < 4; t++) {
        add(p, p, q, N);
        add(q, q, q, N);
        ahead(p, p, N);
        behind(q, q, N);
        sum_again(p, p, N);
        behind(p, q, N);
        count(counts, counts, N);
        sometimes(q, q, marks, N);
        found += last(p, p, N);
        next_kind(kinds, (const unsigned *)kinds, N);
    }
    double sum = 0;
    for (int i = 0; i < N; i++)
        sum += p[i] * (i % 5) - q[i] + counts[i] + kinds[i];
    printf("%.17g %.17g %.17g %.17g\n", sum, p[N / 2], q[N - 1], found);
    return 0;
}
