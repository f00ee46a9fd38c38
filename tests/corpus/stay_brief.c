// mupac: --cpu-threshold 0
/* Memory that dies without a declaration has no copy that outlives it. */
#include <alloca.h>
#include <stdio.h>
#include <stdlib.h>

#define SCRATCH(n) alloca((n) * sizeof(double))
#define CHECK(holds) if (!(holds)) goto failed

static void smooth(int n, double *a) {
    double *half = (double *)SCRATCH(n);
    for (int i = 0; i < n; i++)
        half[i] = a[i] * 0.5;
    for (int i = 0; i < n; i++)
        a[i] = half[i] + 1;
}

/* Its frame lies where those of others lay. */
static long counted(int n) {
    volatile long seen[900];
    long sum = 0;
    for (int i = 0; i < 900; i++)
        seen[i] = i;
    for (int i = 0; i < 900; i++)
        sum += seen[i];
    return sum + n;
}

void release(double **p) { free(*p); }

static void grow(int n, double *a) {
    __attribute__((cleanup(release))) double *twice = malloc(n * sizeof *twice);
    for (int i = 0; i < n; i++)
        twice[i] = a[i] * 2;
    for (int i = 0; i < n; i++)
        a[i] = twice[i] - 1;
}

static int checked(int n, double *a) {
    for (int i = 0; i < n; i++)
        a[i] += 3;
    CHECK(n < 400);
    for (int i = 0; i < n; i++)
        a[i] *= 0.5;
    return 1;
failed:
    a[1] += a[n - 1];
    return 0;
}

int main(void) {
    int n = 500;
    double *a = malloc(n * sizeof *a);
    if (!a) return 1;
    for (int i = 0; i < n; i++)
        a[i] = i % 37;
    long sum = 0;
    for (int t = 0; t < 4; t++) {
        smooth(n, a);
        sum += counted(t);
        for (int i = 0; i < n; i++)
            a[i] *= 0.75;
        smooth(n - 7, a);
        grow(n, a);
        sum += checked(n - 50 * t, a);
    }
    sum += counted(n);
    for (int i = 0; i < n; i += 50)
        printf("%.6f\n", a[i]);
    printf("%ld\n", sum);
    free(a);
    return 0;
}
