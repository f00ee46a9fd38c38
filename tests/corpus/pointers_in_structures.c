/* Pointers in structures and in arrays of pointers are read once before a loop, as a person would write it:
   `double *data = v->data;`. What they are read from must not be what the loop writes. */
struct vector { int n; double *data; };
struct grid { struct vector *rows; };
struct both { double *from, *to; int n; };

void scale(struct vector *v, double by) {
    for (int i = 0; i < v->n; i++)
        v->data[i] *= by;
}

double dot(const struct vector *a, const struct vector *b) {
    double sum = 0;
    for (int i = 0; i < a->n; i++)
        sum += a->data[i] * b->data[i];
    return sum;
}

void by_value(struct vector v, double by) {
    for (int i = 0; i < v.n; i++)
        v.data[i] += by;
}

static struct vector all;

void of_all(double by) {
    for (int i = 0; i < all.n; i++)
        all.data[i] -= by;
}

/* A place inside of a structure that is an element of an array. */
void of_row(struct grid *g, int row, double by) {
    for (int i = 0; i < g->rows[row].n; i++)
        g->rows[row].data[i] *= by;
}

/* Nothing is read where no loop runs: neither pointer has to lead anywhere. */
void plane(int n, int m, struct vector *to, const struct vector *from) {
    for (int i = 0; i < n; i++)
        for (int j = 0; j < m; j++)
            to->data[i * m + j] += from->data[j * n + i];
}

/* Sizes in structures, read where the loops around run. */
struct matrix { int rows, columns; float *elements; };

void product(const struct matrix *a, const struct matrix *b, struct matrix *c) {
    for (int i = 0; i < a->rows; i++)
        for (int j = 0; j < b->columns; j++) {
            float sum = 0;
            for (int k = 0; k < a->columns; k++)
                sum += a->elements[i * a->columns + k] * b->elements[k * b->columns + j];
            c->elements[i * c->columns + j] = sum;
        }
}

/* The pointers change places between steps, and arrays stay on the device. */
void steps(struct both *b, int count) {
    for (int t = 0; t < count; t++) {
        for (int i = 1; i < b->n - 1; i++)
            b->to[i] = 0.5 * (b->from[i - 1] + b->from[i + 1]);
        double *last = b->from;
        b->from = b->to;
        b->to = last;
    }
}

/* Rows one by one. */
void rows(int n, int m, double **a, double *const *b) {
    for (int i = 0; i < n; i++)
        for (int j = 0; j < m; j++)
            a[i][j] += b[i][j];
}

/* The pointer itself moves: this stays. */
void moving(struct vector *v) {
    for (int i = 0; i < 100; i++) {
        v->data[0] = i;
        v->data = v->data + 1;
    }
}
