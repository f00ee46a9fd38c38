// mupac: --fp=strict
/* Under --fp=strict a function that kernels call rounds its products as the program does, and those it returns. */
static double square(double x) {
    for (int i = 0; i < 3; i++)
        if (x < 1e100) x = x * x;
    return x * x;
}

static double shifted(double x) {
    for (int i = 0; i < 3; i++)
        if (x < 1) x = x + 0.5;
    return x + 1;
}

void apply(int n, double *a) {
    for (int i = 0; i < n; i++) a[i] = a[i] + square(a[i]) - shifted(a[i] * 3);
}
