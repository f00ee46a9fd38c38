/* What a time loop writes to streams ends no copies: of a file that it opened, of the standard error and output. */
// mupac: --cpu-threshold 0
#include <stdio.h>
#include <stdlib.h>

int main(void) {
    int n = 20000;
    double *u = malloc(n * sizeof *u), *v = malloc(n * sizeof *v);
    FILE *log = fopen("/dev/null", "w");
    if (!log || !u || !v)
        return 1;
    for (int i = 0; i < n; i++)
        u[i] = i % 7;
    for (int step = 0; step < 6; step++) {
        for (int i = 0; i < n; i++)
            v[i] = 0.5 * u[i] + 1;
        for (int i = 0; i < n; i++)
            u[i] = v[i] * 0.25;
        fprintf(log, "%d %g\n", step, u[3]);
        fprintf(stderr, "step %d\n", step);
        fflush(stdout);
        if (step == 3)
            fwrite(u, sizeof *u, n, log);
    }
    fclose(log);
    printf("%g %g\n", u[5], v[6]);
    return 0;
}
