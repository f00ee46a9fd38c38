/* A pointer that a condition chooses from two: what the loop reads and writes through it is chosen where it is used. */
void either(int n, int all, double *a, double *b, const double *x) {
    for (int i = 0; i < n; i++) {
        double *row = all ? a : b;
        row[i] = x[i] * 2;
    }
}

void alternate(int n, double *a, double *b, const double *x) {
    for (int i = 0; i < n; i++) {
        double *row = i % 2 ? a : b + n;
        row[i] += x[i] * 2;
        row[i] *= 3;
    }
}

void of_three(int n, int m, int which, const double *a, const double *b, const double *c, double *x) {
    for (int i = 0; i < n; i++) {
        const double *row = which == 0 ? &a[i * m] : which == 1 ? &b[i * m] : c;
        double sum = 0;
        for (int j = 0; j < m; j++)
            sum += row[j];
        x[i] = sum;
    }
}

struct state {
    float *q, *k;
    int n;
};

void turn(struct state *s, int turned, float c, float d) {
    for (int i = 0; i < s->n; i += 2) {
        int turns = i < turned ? 2 : 1;
        for (int v = 0; v < turns; v++) {
            float *row = v == 0 ? s->q : s->k;
            float first = row[i], second = row[i + 1];
            row[i] = first * c - second * d;
            row[i + 1] = first * d + second * c;
        }
    }
}

/* Values in memory choose, of which the second lies behind a pointer that may be null. */
void by_data(int n, const int *left, const int *up, double *a, double *b, double *c) {
    for (int i = 0; i < n; i++) {
        double *row = left[i] ? a : up && up[i] > 2 ? b : c;
        row[i] *= 2;
    }
}
