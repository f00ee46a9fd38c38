// Sizes that are passed by pointer, as Fortran passes them, and are read in inner loops and subscripts: elements of the same type
// are written, so guards ask that none is one of the sizes.

void set_if(int wanted, int value, int *cube, int *width, int *height, int *depth) {
    for (int x = 0; x < *width; x++)
        for (int y = 0; y < *height; y++)
            for (int z = 0; z < *depth; z++)
                if (cube[x * *height * *depth + y * *depth + z] == wanted)
                    cube[x * *height * *depth + y * *depth + z] = value;
}

// The matrix-vector product of BLAS.
void gemv_(const int *m, const int *n, const double *alpha, const double *restrict a, const int *lda,
           const double *restrict x, double *restrict y) {
    for (int i = 0; i < *m; i++) {
        double sum = 0;
        for (int j = 0; j < *n; j++) sum += a[i + j * *lda] * x[j];
        y[i] += *alpha * sum;
    }
}

// The inner size is read where the outer loop runs only.
void clear(int rows, const int *columns, int *restrict a) {
    for (int i = 0; i < rows; i++)
        for (int j = 0; j < *columns; j++) a[i * *columns + j] = 0;
}

// One that the loop itself changes stays.
void grown(int rows, int *columns, int *a) {
    for (int i = 0; i < rows; i++) {
        for (int j = 0; j < *columns; j++) a[j] += j;
        *columns += 1;
    }
}

// Data decide whether it is read at all.
void perhaps(int rows, const int *restrict is_meant, const int *columns, int *restrict a) {
    for (int i = 0; i < rows; i++)
        if (is_meant[i])
            for (int j = 0; j < *columns; j++) a[i * 100 + j] = 1;
}

// One arm alone is read.
void chosen(int rows, int which, const int *a, const int *b, const int *pitch, float *restrict x) {
    for (int i = 0; i < rows; i++)
        for (int j = 0; j < (which > 0 ? *a : *b); j++) x[100 * i + j * *pitch] = 1;
}

// Two arrays by the same subscripts, beside others: all of them are apart.
void gathered(double *to, const double *from, const double *x, const double *y, const int *at, const int *first,
              const int *last) {
    for (int i = *first; i < *last; i++) to[at[i]] = from[at[i]] * x[i] + y[i];
}
