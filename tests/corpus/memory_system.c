/* Memory that both see: kernels take the host's pointers; what atomic operations update, and rows of others, have copies. */
// mupac: --cpu-threshold 100 --memory=system
void saxpy(int n, float a, const float *x, float *y) {
    for (int i = 0; i < n; i++) y[i] = a * x[i] + y[i];
}

int chosen(int n, const float *x, float *y, const unsigned char *keep, int *last) {
    int i, found = 0;
    for (i = 0; i < n; i++) {
        if (keep[i]) y[i] = x[i];
        if (x[i] > 0) found++;
    }
    *last = i;
    return found;
}

void histogram(int n, const unsigned char *x, int bins[256]) {
    for (int i = 0; i < n; i++) bins[x[i]]++;
}

void relax(int n, int m, double **a, double **b) {
    for (int i = 1; i < n - 1; i++)
        for (int j = 1; j < m - 1; j++) b[i][j] = (a[i - 1][j] + a[i + 1][j] + a[i][j - 1] + a[i][j + 1]) / 4;
}
