#include <math.h>

// A matrix times a vector, row by row: the lanes of a warp share out a row, and read it side by side.
void product(int n, int m, float *y, const float *a, const float *x) {
    for (int i = 0; i < m; i++)
        for (int j = 0; j < n; j++)
            y[i] += a[i * n + j] * x[j];
}

// One lane starts the sum in memory, and one adds to it.
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

// The sum is a variable of the loop: each lane has one of its own until the row is through.
void matmul(float *out, const float *x, const float *w, int n, int d) {
    for (int i = 0; i < d; i++) {
        float val = 0.0f;
        for (int j = 0; j < n; j++)
            val += w[i * n + j] * x[j];
        out[i] = val;
    }
}

// A maximum, a sum and a quotient for each row: the lanes share out all three loops, and wait for one another between them.
void softmax(int m, int n, float x[m][n]) {
    for (int i = 0; i < m; i++) {
        float top = x[i][0];
        for (int j = 1; j < n; j++)
            if (x[i][j] > top)
                top = x[i][j];
        float sum = 0.0f;
        for (int j = 0; j < n; j++) {
            x[i][j] = expf(x[i][j] - top);
            sum += x[i][j];
        }
        for (int j = 0; j < n; j++)
            x[i][j] /= sum;
    }
}

// Rows of a sparse matrix, whose bounds are read from memory: they could be spread, but the host looks at the subscripts first,
// and that takes longer than the kernel by far.
void sparse(int m, const int *row, const int *column, const float *value, const float *x, float *y) {
    for (int i = 0; i < m; i++) {
        float sum = 0.0f;
        for (int k = row[i]; k < row[i + 1]; k++)
            sum += value[k] * x[column[k]];
        y[i] = sum;
    }
}
