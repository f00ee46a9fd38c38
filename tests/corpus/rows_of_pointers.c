/* Rows that an array of pointers leads to: in one block, one by one, in turns with those of others, or in no order. */
#include <stdio.h>
#include <stdlib.h>

static double **block(int n, int m) {
    double **a = malloc(n * sizeof *a);
    a[0] = calloc((size_t)n * m, sizeof **a);
    for (int i = 1; i < n; i++)
        a[i] = a[0] + (size_t)i * m;
    return a;
}

void multiply(double **a, double **b, double **c, int n, int m, int p) {
    for (int i = 0; i < n; i++)
        for (int j = 0; j < p; j++) {
            c[i][j] = 0;
            for (int k = 0; k < m; k++)
                c[i][j] += a[i][k] * b[k][j];
        }
}

void smooth(double **u, double **v, int n, int m) {
    for (int i = 1; i < n - 1; i++)
        for (int j = 1; j < m - 1; j++)
            v[i][j] = 0.25 * (u[i - 1][j] + u[i + 1][j] + u[i][j - 1] + u[i][j + 1]);
}

/* Rows have a name. */
void scale(double **a, const double *by, int n, int m) {
    for (int i = 0; i < n; i++) {
        double *row = a[i];
        double factor = by[i];
        for (int j = 0; j < m; j++)
            row[j] *= factor;
    }
}

/* Rows and columns are counted from 1, and a row has as many elements as its number says. */
void lower(double **a, int n) {
    for (int i = 1; i <= n; i++)
        for (int j = 1; j <= i; j++)
            a[i][j] = a[i][j] * 2 + j;
}

struct matrix {
    int rows, columns;
    float **data;
};

void add(const struct matrix *a, const struct matrix *b, struct matrix *sum) {
    for (int i = 0; i < a->rows; i++)
        for (int j = 0; j < a->columns; j++)
            sum->data[i][j] = a->data[i][j] + b->data[i][j];
}

static int nearest(const float *point, float **centres, int count, int width) {
    int best = 0;
    float least = 1e30f;
    for (int k = 0; k < count; k++) {
        float distance = 0;
        for (int j = 0; j < width; j++)
            distance += (point[j] - centres[k][j]) * (point[j] - centres[k][j]);
        if (distance < least) {
            least = distance;
            best = k;
        }
    }
    return best;
}

void assign(float **points, int n, int width, float **centres, int count, int *member) {
    for (int i = 0; i < n; i++)
        member[i] = nearest(points[i], centres, count, width);
}

/* What a condition reaches need not be there. */
void some(int **a, const int *wanted, int n, int m) {
    for (int i = 0; i < n; i++)
        if (wanted[i])
            for (int j = 0; j < m; j++)
                a[i][j] += i - j;
}

/* Rows and columns between those that are written stay. */
void every_other(double **a, int n, int m) {
    for (int i = 0; i < n; i += 2)
        for (int j = 0; j < m; j += 2)
            a[i][j] = -1;
    for (int i = 0; i < n; i++) {
        a[i][0] = i;
        a[i][5] = 2 * i;
    }
}

/* How long a row is stands in memory. */
void ragged(double **a, const int *length, int n) {
    for (int i = 0; i < n; i++)
        for (int j = 0; j < length[i]; j++)
            a[i][j] += 3;
}

/* Neither the structure nor its rows need be there. */
struct table {
    int columns;
    double **data;
};

void chosen(struct table *t, int n, const int *wanted, double *last) {
    for (int i = 0; i < n; i++) {
        last[i] = t->columns;
        if (wanted[i])
            for (int j = 0; j < 30; j++)
                t->data[i][j] *= j;
    }
}

static double sum(double **a, int n, int m) {
    double all = 0;
    for (int i = 0; i < n; i++)
        for (int j = 0; j < m; j++)
            all += a[i][j] * (i + 2 * j);
    return all;
}

int main(void) {
    enum { N = 30, M = 40 };
    double **u = block(N, M), **v = block(N, M), *a[N], *b[M], *c[N], by[N];
    for (int i = 0; i < N; i++) {
        a[i] = calloc(M, sizeof(double)), c[i] = calloc(N, sizeof(double)), by[i] = i % 5;
        for (int j = 0; j < M; j++)
            u[i][j] = v[i][j] = i * j % 7, a[i][j] = i - j;
    }
    for (int k = 0; k < M; k++) {
        b[k] = calloc(N, sizeof(double));
        b[k][k % N] = k;
    }
    for (int t = 0; t < 3; t++) {
        smooth(u, v, N, M);
        double **other = u;
        u = v, v = other;
    }
    multiply(a, b, c, N, M, N);
    scale(a, by, N, M);
    printf("%g %g %g\n", sum(u, N, M), sum(a, N, M), sum(c, N, N));

    double *same[3] = {u[2], u[2], v[4]}, *from_one[4] = {NULL, u[1] - 1, u[2] - 1, u[3] - 1};
    scale(same, by, 3, M);
    multiply(u, same, u, 2, 3, M);
    multiply(0, 0, 0, 0, 4, 4);
    multiply(u, same, v, 4, 0, 0);
    lower(from_one, 3);
    every_other(v, 9, M);
    ragged(u, (int[]){3, 0, M, 7}, 4);
    printf("%g %g\n", sum(u, N, M), sum(v, N, M));

    int wanted[3] = {1, 0, 1};
    struct table t = {M, u};
    chosen(NULL, 0, NULL, NULL);
    chosen(&t, 3, wanted, by);
    printf("%g %g\n", u[2][7], by[2]);

    float *points[N], *centres[3];
    int member[N], *numbers[N] = {0};
    struct matrix p = {N, 4, points}, q = {3, 4, centres};
    for (int i = 0; i < N; i++) {
        points[i] = malloc(4 * sizeof(float));
        numbers[i] = i % 3 ? calloc(9, sizeof(int)) : NULL;
        member[i] = i % 3;
        for (int j = 0; j < 4; j++)
            points[i][j] = (i * 5 + j * 3) % 11;
    }
    for (int k = 0; k < 3; k++)
        centres[k] = points[10 * k + 1];
    some(numbers, member, N, 9);
    assign(points, N, 4, centres, 3, member);
    add(&p, &p, &p);
    add(&q, &p, &p);
    printf("%d %d %d %g %g\n", member[7], member[28], numbers[4][7], points[3][2], points[21][3]);
}
