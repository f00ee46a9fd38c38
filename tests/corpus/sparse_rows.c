// mupac: --cpu-threshold 100
/* A thread runs over a row; matrix and columns are inspected once, whatever the number of steps. */
void multiply(int n, const int *row, const int *column, const double *a, const double *x, double *y) {
    for (int i = 0; i < n; i++) {
        double sum = 0.0;
        for (int k = row[i]; k < row[i + 1]; k++)
            sum += a[k] * x[column[k]];
        y[i] = sum;
    }
}

void power(int steps, int n, const int *row, const int *column, const float *a, float *x, float *y) {
    for (int s = 0; s < steps; s++) {
        for (int i = 0; i < n; i++) {
            float sum = 0.0f;
            for (int k = row[i]; k < row[i + 1]; k++)
                sum += a[k] * x[column[k]];
            y[i] = sum;
        }
        for (int i = 0; i < n; i++)
            x[i] = 0.5f * y[i];
    }
}
