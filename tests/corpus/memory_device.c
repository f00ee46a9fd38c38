/* Pointer arguments are device pointers: numbers that loops leave behind come home, tables go there. */
// mupac: --memory=device
static const float weights[4] = {0.1f, 0.2f, 0.3f, 0.4f};
int last;

void saxpy(int n, float a, const float *x, float *y) {
    for (int i = 0; i < n; i++)
        y[i] = a * x[i] + y[i];
}

int weighed(int n, const float *x, float *y) {
    int i, found = 0;
    for (i = 0; i < n; i++) {
        y[i] = x[i] * weights[i % 4];
        if (x[i] > 0) found++;
    }
    last = i;
    return found;
}

void relax(int n, int steps, double a[n][n], double b[n][n]) {
    if (!b) return;
    for (int k = 0; k < steps; k++) {
        for (int i = 1; i < n - 1; i++)
            for (int j = 1; j < n - 1; j++)
                b[i][j] = (a[i - 1][j] + a[i + 1][j] + a[i][j - 1] + a[i][j + 1]) / 4;
        for (int i = 1; i < n - 1; i++)
            for (int j = 1; j < n - 1; j++)
                a[i][j] = b[i][j];
    }
}
