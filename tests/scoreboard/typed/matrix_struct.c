#include <stdio.h>
#include <stdlib.h>

typedef struct {
    int rows;
    int cols;
    double *data;
} Matrix;

Matrix *mat_new(int rows, int cols) {
    Matrix *m = malloc(sizeof(Matrix));
    m->rows = rows;
    m->cols = cols;
    m->data = calloc(rows * cols, sizeof(double));
    return m;
}

void mat_free(Matrix *m) {
    free(m->data);
    free(m);
}

Matrix *mat_mul(const Matrix *a, const Matrix *b) {
    if (a->cols != b->rows) return NULL;
    Matrix *c = mat_new(a->rows, b->cols);
    for (int i = 0; i < a->rows; i++)
        for (int j = 0; j < b->cols; j++)
            for (int k = 0; k < a->cols; k++)
                c->data[i * c->cols + j] += a->data[i * a->cols + k] * b->data[k * b->cols + j];
    return c;
}

Matrix *mat_transpose(const Matrix *a) {
    Matrix *t = mat_new(a->cols, a->rows);
    for (int i = 0; i < a->rows; i++)
        for (int j = 0; j < a->cols; j++)
            t->data[j * t->cols + i] = a->data[i * a->cols + j];
    return t;
}

void mat_add(Matrix *a, const Matrix *b) {
    for (int i = 0; i < a->rows * a->cols; i++)
        a->data[i] += b->data[i];
}

double mat_norm(const Matrix *a) {
    double s = 0;
    for (int i = 0; i < a->rows; i++)
        for (int j = 0; j < a->cols; j++)
            s += a->data[i * a->cols + j] * a->data[i * a->cols + j];
    return s;
}

int main(void) {
    int n = 600;
    Matrix *a = mat_new(n, n), *b = mat_new(n, n);
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) {
            a->data[i * n + j] = (i * j) % 7;
            b->data[i * n + j] = (i + j) % 5;
        }
    Matrix *c = mat_mul(a, b);
    Matrix *t = mat_transpose(c);
    mat_add(t, a);
    printf("%f\n", mat_norm(t));
    mat_free(a); mat_free(b); mat_free(c); mat_free(t);
    return 0;
}
