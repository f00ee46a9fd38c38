// mupac: --cpu-threshold 0 --check-level=quick
// Where rows end is looked at once a row: going up and down, by `size_t` and by narrow counters; 32 bits without a sign may wrap
// around, and a step of two is looked at element by element.
#include <stddef.h>
#include <stdio.h>

#define ROWS 9
#define LONGEST 6
#define ALL 64

static void up(int n, const int *start, const double *a, double *sum) {
    for (int i = 0; i < n; i++) {
        double s = 0;
        for (int k = start[i]; k < start[i + 1]; k++)
            s += a[k + 3];
        sum[i] = s;
    }
}

static void down(int n, const int *start, const double *a, double *sum) {
    for (int i = 0; i < n; i++) {
        double s = 0;
        for (int k = start[i + 1] - 1; k >= start[i]; k--)
            s += a[k] - a[ALL - 1 - k];
        sum[i] = s;
    }
}

static void by_size(size_t n, const size_t *start, const double *a, double *sum) {
    for (size_t i = 0; i < n; i++) {
        double s = 0;
        for (size_t k = start[i]; k < start[i + 1]; k++)
            s += a[k - start[0]];
        sum[i] = s;
    }
}

static void by_short(int n, const short *length, const double *a, double *sum) {
    for (int i = 0; i < n; i++) {
        double s = 0;
        for (short k = 0; k < length[i]; k++)
            s += a[i * LONGEST + k];
        sum[i] = s;
    }
}

static void wrapped(int n, const unsigned *from, const unsigned *length, const double *a, double *sum) {
    for (int i = 0; i < n; i++) {
        double s = 0;
        for (unsigned k = 0; k < length[i]; k++)
            s += a[from[i] + k];
        sum[i] = s;
    }
}

static void by_two(int n, const int *start, const double *a, double *sum) {
    for (int i = 0; i < n; i++) {
        double s = 0;
        for (int k = start[i]; k < start[i + 1]; k += 2)
            s += a[k];
        sum[i] = s;
    }
}

// What the condition has looked at is not looked at again.
static void behind_condition(int n, const int *from, const double *a, double *sum) {
    for (int i = 0; i < n; i++) {
        double s = 1;
        if (a[from[i]] != a[from[i] + 1]) {
            for (int k = 0; k < 2; k++)
                s += a[from[i] + k];
            for (int k = 0; k < 1; k++)
                s *= a[from[i] + k];
        }
        sum[i] = s;
    }
}

static void show(const double *sum) {
    for (int i = 0; i < ROWS; i++)
        printf(" %g", sum[i]);
    printf("\n");
}

int main(void) {
    static int start[ROWS + 1];
    static size_t sizes[ROWS + 1];
    static short length[ROWS];
    static unsigned from[ROWS], lengths[ROWS];
    static double a[ALL], sum[ROWS];
    for (int k = 0; k < ALL; k++)
        a[k] = k * k % 23;
    for (int i = 0; i < ROWS; i++) {
        length[i] = i * 5 % (LONGEST + 1);
        lengths[i] = length[i];
        from[i] = i == 4 ? 0u - 2 : 5 * i;
        start[i + 1] = start[i] + length[i];
        sizes[i + 1] = start[i + 1];
    }
    lengths[4] = 0;
    up(ROWS, start, a, sum);
    show(sum);
    down(ROWS, start, a, sum);
    show(sum);
    by_size(ROWS, sizes, a, sum);
    show(sum);
    by_short(ROWS, length, a, sum);
    show(sum);
    wrapped(ROWS, from, lengths, a, sum);
    show(sum);
    by_two(ROWS, start, a, sum);
    show(sum);
    behind_condition(ROWS, start, a, sum);
    show(sum);
    return 0;
}
