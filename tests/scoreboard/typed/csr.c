#include <stdio.h>
#include <stdlib.h>

typedef struct {
    int n, nnz;
    int *row_ptr, *col_idx;
    double *values;
} CSR;

CSR *poisson(int side) {
    CSR *m = malloc(sizeof(CSR));
    m->n = side * side;
    m->row_ptr = malloc((m->n + 1) * sizeof(int));
    m->col_idx = malloc(5 * m->n * sizeof(int));
    m->values = malloc(5 * m->n * sizeof(double));
    int k = 0;
    for (int i = 0; i < side; i++)
        for (int j = 0; j < side; j++) {
            int row = i * side + j;
            m->row_ptr[row] = k;
            if (i > 0) { m->col_idx[k] = row - side; m->values[k++] = -1; }
            if (j > 0) { m->col_idx[k] = row - 1; m->values[k++] = -1; }
            m->col_idx[k] = row; m->values[k++] = 4;
            if (j < side - 1) { m->col_idx[k] = row + 1; m->values[k++] = -1; }
            if (i < side - 1) { m->col_idx[k] = row + side; m->values[k++] = -1; }
        }
    m->row_ptr[m->n] = k;
    m->nnz = k;
    return m;
}

void spmv(const CSR *m, const double *x, double *y) {
    for (int i = 0; i < m->n; i++) {
        double sum = 0;
        for (int k = m->row_ptr[i]; k < m->row_ptr[i + 1]; k++)
            sum += m->values[k] * x[m->col_idx[k]];
        y[i] = sum;
    }
}

int main(void) {
    CSR *m = poisson(400);
    double *x = malloc(m->n * sizeof(double)), *y = malloc(m->n * sizeof(double));
    for (int i = 0; i < m->n; i++) x[i] = 1.0;
    for (int t = 0; t < 50; t++) {
        spmv(m, x, y);
        for (int i = 0; i < m->n; i++) x[i] = x[i] - 0.2 * (y[i] - 1);
    }
    double s = 0;
    for (int i = 0; i < m->n; i++) s += x[i];
    printf("%f\n", s);
    return 0;
}
