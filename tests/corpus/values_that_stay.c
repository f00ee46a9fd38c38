/* Values that the inner loop, or what stands before it, changes are computed once. */

/* The first element of the row is one of those that change. */
void shift(int n, int m, double *a) {
    for (int i = 0; i < n; i++) {
        double first = a[i * m];
        for (int j = 0; j < m; j++) a[i * m + j] -= first;
    }
}

/* What the value was computed of has another value by then. */
void later(int n, int m, double *a, const double *s) {
    for (int i = 0; i < n; i++) {
        double x = s[i];
        double twice = 2 * x;
        x = x + 1;
        for (int j = 0; j < m; j++) a[i * m + j] = twice * x;
    }
}

/* Under one name or two the arrays may be the same: then the loop stays. */
void ratio(int n, int m, double *a, const double *b) {
    for (int i = 0; i < n; i++) {
        double first = b[i * m];
        for (int j = 0; j < m; j++) a[i * m + j] /= first;
    }
}

/* Few iterations stay in the thread that has the value. */
void colours(int n, const float *grey, float (*rgb)[3]) {
    for (int i = 0; i < n; i++) {
        float g = grey[i] * 0.5f + 1;
        for (int c = 0; c < 3; c++) rgb[i][c] = g * (float)c;
    }
}

/* A warp for each row would wait for one lane in the second loop. */
void chained(int p, int n, float a[][64]) {
    for (int i = 0; i < n; i++)
        for (int k = 0; k < p; k++) {
            float f = 1 / a[i][k];
            for (int j = 0; j < 64; j++)
                a[i][j] *= f;
            for (int j = 1; j < 64; j++)
                a[i][j] += a[i][j - 1] * a[i][j];
        }
}
