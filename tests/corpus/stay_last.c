// Behind the last loops nobody looks at most of what they wrote: it need not go home.
// mupac: --cpu-threshold 0
#include <stdio.h>
#include <stdlib.h>

#define N 3000

static double level[N], rate[N];

static void step(int n, double *to, const double *by) {
    for (int i = 0; i < n; i++)
        to[i] = to[i] * 0.5 + by[i];
}

int main(int argc, char **argv) {
    int n = argc > 1 ? atoi(argv[1]) : N;
    if (n < 1 || n > N)
        exit(2);
    double *left = malloc(n * sizeof *left);
    for (int i = 0; i < n; i++) {
        level[i] = i * 0.25;
        rate[i] = 1.0 / (i + 1);
        left[i] = 0;
    }
    for (int t = 0; t < 4; t++)
        step(n, level, rate);
    step(n, left, level);
    double sum = 0;
    for (int i = 0; i < n; i++)
        sum += level[i] + left[i];
    printf("%.10g\n", sum);
    printf("%.10g of %.10g\n", level[0], level[n - 1]);
    free(left);
    exit(sum > 0 ? EXIT_SUCCESS : EXIT_FAILURE);
}
