/* A matrix, by rows, times a vector, then its transpose times the result. */
void atax(int m, int n, const double *a, const double *x, double *y, double *t) {
    for (int i = 0; i < m; i++) {
        double sum = 0;
        for (int j = 0; j < n; j++)
            sum += a[i * n + j] * x[j];
        t[i] = sum;
    }
    for (int j = 0; j < n; j++) {
        double sum = 0;
        for (int i = 0; i < m; i++)
            sum += a[i * n + j] * t[i];
        y[j] = sum;
    }
}
