/* Numbers that a row computes before a loop overwrites what they are made of. */

/* A step of an elimination: launches share what each row is multiplied by. */
void step(int n, int k, double a[n][n], double *b) {
    for (int i = k + 1; i < n; i++) {
        double f = a[i][k] / a[k][k];
        for (int j = k; j < n; j++) a[i][j] -= f * a[k][j];
        b[i] -= f * b[k];
    }
}

/* Few rows, and a sum of each. */
void weights(int m, double a[6][m]) {
    for (int i = 0; i < 6; i++) {
        double s = 0.0;
        for (int j = 0; j < m; j++) s += a[i][j];
        for (int j = 0; j < m; j++) a[i][j] /= s;
    }
}

/* The last number is needed, and nothing has it when the rows are through: they stay in order. */
double last(int n, double a[n][64]) {
    double f = 0.0;
    for (int i = 0; i < n; i++) {
        f = a[i][0] + a[i][1];
        for (int j = 0; j < 64; j++) a[i][j] /= f;
    }
    return f;
}

/* The next row needs the number of this one. */
void carried(int n, double a[n][64]) {
    double f = 1.0;
    for (int i = 0; i < n; i++) {
        f = a[i][0] + 0.5 * f;
        for (int j = 0; j < 64; j++) a[i][j] /= f;
    }
}

/* A row may be the last one. */
void left(int n, double a[n][64]) {
    for (int i = 0; i < n; i++) {
        double f = a[i][0] + a[i][1];
        if (f == 0.0) break;
        for (int j = 0; j < 64; j++) a[i][j] /= f;
    }
}

/* Short rows, and a number that changes between two loops: a thread runs a row. */
void changing(int n, double a[n][64], double b[n][64]) {
    for (int i = 0; i < n; i++) {
        double f = a[i][0];
        for (int j = 0; j < 64; j++) a[i][j] /= f;
        f += b[i][0];
        for (int j = 0; j < 64; j++) b[i][j] /= f;
    }
}
