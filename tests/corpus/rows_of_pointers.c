// mupac: --check-level=quick
/* Rows that an array of pointers leads to: in one block, one by one, in turns with those of others, or in no order. */
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

double sum(double **a, int n, int m) {
    double all = 0;
    for (int i = 0; i < n; i++)
        for (int j = 0; j < m; j++)
            all += a[i][j] * (i + 2 * j);
    return all;
}
