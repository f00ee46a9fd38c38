// mupac: --cpu-threshold 100
/* An index that counts along is what it was before the loop plus what the iterations before have added. */
int pairs(int n, float *a, const float *b) {
    int k = 0;
    for (int i = 0; i < n; i++) {
        a[k++] = b[i];
        a[k++] = -b[i];
    }
    return k;
}

/* Down, from a value that the caller gives, in a `for` that counts down by two. */
void backward(int n, long from, double *restrict a, const double *restrict b) {
    for (int i = n; i > 0; i -= 2) {
        from -= 3;
        a[from] = b[i];
    }
}

/* Both branches add alike; an unsigned sum wraps as the program's does. */
unsigned noise(int n, unsigned seed, unsigned *a, const int *b) {
    for (int i = 0; i < n; i++) {
        if (b[i] > 0) {
            seed += 1000000007u;
            a[i] = seed;
        } else {
            a[i] = ~seed;
            seed += 1000000007u;
        }
    }
    return seed;
}

/* Through inner loops: what a row adds is the sum of their trip counts, which a guard keeps from being negative. */
int interleave(int rows, int n, const float *a, int m, const float *b, float *out) {
    int i, j, k = 0;
    for (j = 0; j < rows; j++) {
        for (i = 0; i < n; i++)
            out[k++] = a[j * n + i];
        for (i = 0; i < m; i++)
            out[k++] = b[j * m + i];
    }
    return k;
}
