/* The last column of a row, `i * m + m - 1`, is one of its own row. */
// mupac: --cpu-threshold 0
void thomas(int b, int m, const double *a, const double *c, double *d, double *x) {
    for (int i = 0; i < b; i++) {
        for (int j = 1; j < m; j++) d[i * m + j] -= a[i * m + j] / c[i * m + j - 1] * d[i * m + j - 1];
        x[i * m + m - 1] = d[i * m + m - 1] / c[i * m + m - 1];
        for (int j = m - 2; j >= 0; j--) x[i * m + j] = (d[i * m + j] - a[i * m + j] * x[i * m + j + 1]) / c[i * m + j];
    }
}
void edges(int n, int m, float *u) {
    for (int i = 0; i < n; i++) {
        u[i * m] = u[i * m + 1];
        u[i * m + m - 1] = u[i * m + m - 2];
    }
}
void shifted(int n, int m, float *u, const float *v) {
    for (int i = 1; i < n; i++) u[i * m - 1] = v[i];
}
