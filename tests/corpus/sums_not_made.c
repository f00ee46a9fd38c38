// mupac: --cpu-threshold 0
// Where no iteration adds, what a sum would be joined to need not be there, and keeps the sign of its zero.
#include <stddef.h>
#include <stdio.h>

struct state {
    double s;
};

void sum(long *p, long n, const long *a, int m) {
    for (int i = 0; i < m; i++)
        if (n > 0) p[3] += a[i];
}

void sum_of_floats(double *p, int c, const double *a, int m) {
    for (int i = 0; i < m; i++)
        if (c > 0) p[3] += a[i];
}

void greatest(double *p, int c, const double *a, int m) {
    for (int i = 0; i < m; i++)
        if (c > 0 && a[i] > p[0]) p[0] = a[i];
}

void member(struct state *p, int c, const double *a, int m) {
    for (int i = 0; i < m; i++)
        if (c > 0) p->s += a[i];
}

void count(double *a, int m) {
    for (int i = 0; i < m; i++) a[i] = i + 1;
}

int main(void) {
    long a[8] = {1, 2, 3, 4, 5, 6, 7, 8}, total[4] = {0};
    double b[8], sums[4] = {0, 0, 0, -0.0};
    static const double constants[4] = {1, 2, 3, 4};
    struct state state = {1};
    count(b, 8);
    sum(NULL, 0, a, 8), sum(total, 1, a, 8);
    sum_of_floats(NULL, 0, b, 8), sum_of_floats((double *)constants, -1, b, 8), sum_of_floats(sums, 0, b, 8);
    printf("%ld %g\n", total[3], sums[3]);
    sum_of_floats(sums, 1, b, 8), greatest(NULL, 0, b, 8), greatest(sums, 1, b, 8);
    member(NULL, 0, b, 8), member(&state, 1, b, 8);
    printf("%g %g %g\n", sums[3], sums[0], state.s);
    return 0;
}
