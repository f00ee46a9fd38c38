// mupac: --cpu-threshold 100
struct box {
    int n;
    double weight;
    double shift[2];
    struct box *next;
};

// Bound and coefficients are members of one structure, which nothing but scalars are read of.
void scale(const struct box *b, double *x) {
    for (int i = 0; i < b->n; i++)
        x[i] = x[i] * b->weight + b->shift[1];
}
