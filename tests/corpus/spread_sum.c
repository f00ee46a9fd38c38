// A matrix times a vector, row by row: the lanes of a warp share out a row, and read it side by side.
void product(int n, int m, float *y, const float *a, const float *x) {
    for (int i = 0; i < m; i++)
        for (int j = 0; j < n; j++)
            y[i] += a[i * n + j] * x[j];
}

// What starts the sums has a kernel of its own.
void residual(int n, double r[n], const double a[n][n], const double x[n], const double b[n]) {
    for (int i = 0; i < n; i++) {
        r[i] = b[i];
        for (int j = 0; j < n; j++)
            r[i] -= a[i][j] * x[j];
    }
}

// Column by column, lanes that have a sum each read side by side already: nothing is spread.
void transposed(int n, int m, float *y, const float *a, const float *x) {
    for (int j = 0; j < n; j++)
        for (int i = 0; i < m; i++)
            y[j] += a[i * n + j] * x[i];
}
