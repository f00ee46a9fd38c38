/* Loops in macros of the form do { … } while (0), whose use ends with a semicolon, and in others whose use does not. */
#define COPY(p, q, n)                                                          \
    do {                                                                       \
        for (int k = 0; k < (n); k++) {                                        \
            (p)[k] = (q)[k];                                                   \
        }                                                                      \
    } while (0)
#define SWAP(type, a, b, n)                                                    \
    do {                                                                       \
        for (int k = 0; k < (n); k++) {                                        \
            type other = (a)[k];                                               \
            (a)[k] = (b)[k];                                                   \
            (b)[k] = other;                                                    \
        }                                                                      \
    } while (0)
#define COPY_BACK(p, q, n) COPY(q, p, n)
#define DOUBLE(p, n)                                                           \
    for (int k = 0; k < (n); k++) {                                            \
        (p)[k] *= 2;                                                           \
    }

void copy(double *x, double *y, int n) {
    if (n > 3)
        COPY(x, y, n);
    else
        COPY_BACK(x, y, n);
}

void swap(double *x, double *y, int n) { SWAP(double, x, y, n); }

void twice(double *x, double *y, int n) {
    DOUBLE(x, n)
    DOUBLE(y, n);
}
