// mupac: --cpu-threshold 0
/* Branches that only the host can run, by what is the same in all iterations. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct options {
    int verbose, level;
    double tolerance;
    FILE *log;
};

static int trace;

/* By a parameter. */
void scale(double *x, int n, int debug)
{
    for (int i = 0; i < n; i++) {
        x[i] *= 2;
        if (debug)
            printf("x[%d] = %g\n", i, x[i]);
    }
}

/* By a variable of the file, together with what differs. */
void shift(int *x, int n)
{
    for (int i = 0; i < n; i++) {
        x[i] += i;
        if (i % 100 == 0 && trace > 1)
            fprintf(stderr, "%d done\n", i);
    }
}

/* By members of a structure, one of them a pointer, and by a number that is no integer. */
void relax(double *x, const double *b, int n, const struct options *o)
{
    for (int i = 0; i < n; i++) {
        if (o->verbose && o->level > 2)
            puts("relaxing");
        x[i] = 0.5 * (x[i] + b[i]);
        if (o->log)
            fprintf(o->log, "%g\n", x[i]);
        if (o->tolerance < 0)
            abort();
    }
}

/* By a number of 64 bits that is negative as a signed one. */
void mark(int *x, int n, unsigned long code)
{
    for (int i = 0; i < n; i++) {
        x[i] += 3;
        if ((long)code < 0)
            printf("code %lx\n", code + i);
    }
}

/* Inner loops, an else, and a way out of the function. */
int blur(const double *restrict a, double *restrict b, int n, int m, int mode)
{
    for (int i = 1; i < n - 1; i++)
        for (int j = 1; j < m - 1; j++) {
            if (mode == 0) {
                b[i * m + j] = 0.25 * (a[i * m + j - 1] + a[i * m + j + 1] + a[(i - 1) * m + j] + a[(i + 1) * m + j]);
            } else if (mode == 1) {
                b[i * m + j] = a[i * m + j];
            } else {
                fprintf(stderr, "mode %d is not known\n", mode);
                return -1;
            }
        }
    return 0;
}

/* Not by what the loop itself changes. */
int count(const int *x, int n, int shown)
{
    int found = 0;
    for (int i = 0; i < n; i++) {
        if (x[i] > 3)
            found++;
        if (shown-- > 0)
            printf("%d\n", x[i]);
    }
    return found;
}

int main(int argc, char **argv)
{
    int n = 1000;
    double *x = malloc(n * sizeof *x), *b = malloc(n * sizeof *b);
    int *k = malloc(n * sizeof *k);
    for (int i = 0; i < n; i++) {
        x[i] = i * 0.5;
        b[i] = n - i;
        k[i] = i % 7;
    }
    struct options o = {0, argc, 1e-3, NULL};
    scale(x, n, 0);
    scale(x, 3, 1);
    shift(k, n);
    trace = 2;
    shift(k, n);
    mark(k, n, 7);
    mark(k, 2, ~0UL);
    relax(x, b, n, &o);
    o.verbose = 1;
    o.level = 3;
    relax(x, b, 2, &o);
    o.log = stdout;
    relax(x, b, 3, &o);
    int r = blur(x, b, 20, 50, 0) + blur(b, x, 20, 50, 1) + blur(b, x, 20, 50, 2);
    double s = 0;
    for (int i = 0; i < n; i++)
        s += x[i] + b[i] + k[i];
    printf("%d %d %.9g\n", r, count(k, n, 2), s);
    return 0;
}
