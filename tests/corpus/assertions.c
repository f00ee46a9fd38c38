/* Assertions in loops and in what they call: sizes decide some, kernels ask the others, and the host ends the program. */
// mupac: --cpu-threshold 0
#include <assert.h>
#include <stdio.h>

typedef struct {
    int rows, columns;
    double *data;
} Matrix;

static double at(const Matrix *m, int i, int j) {
    assert(i >= 0 && i < m->rows);
    assert(j >= 0 && j < m->columns);
    return m->data[i * m->columns + j];
}

void diagonal(const Matrix *m, double *out) {
    for (int i = 0; i < m->rows; i++)
        out[i] = at(m, i, i) * 2;
}

void gather(int n, int m, const int *index, const double *x, double *y) {
    for (int i = 0; i < n; i++) {
        assert(index[i] >= 0);
        assert(index[i] < m);
        y[i] = x[index[i]];
    }
}

/* Where the assertion fails, the loop inside would not end. */
void halvings(int n, const int *x, int *count) {
    for (int i = 0; i < n; i++) {
        int v = x[i], steps = 0;
        while (v != 1) {
            assert(v > 0);
            v = v / 2;
            steps++;
        }
        count[i] = steps;
    }
}

int main(void) {
    double data[400], out[20], y[100], sum = 0;
    int index[100], count[100], steps = 0;
    Matrix m = {20, 20, data};
    for (int i = 0; i < 400; i++)
        data[i] = i % 13;
    for (int i = 0; i < 100; i++)
        index[i] = i * 7 % 399 + 1;
    diagonal(&m, out);
    gather(100, 400, index, data, y);
    halvings(100, index, count);
    for (int i = 0; i < 20; i++)
        sum += out[i];
    for (int i = 0; i < 100; i++)
        sum += y[i], steps += count[i];
    printf("%g %d\n", sum, steps);
    return 0;
}
