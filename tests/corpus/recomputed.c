// mupac: --check-level=quick --cpu-threshold 0
// Rows of values that a loop keeps for the next one, in an array too long for a thread's own.
enum { M = 500 };

void smooth(const double *restrict r, double *restrict u, int n, int m, int l, const double *c) {
    double r1[M], r2[M];
    int i, j, k;
    if (l > M) return;
    for (i = 1; i < n - 1; i++)
        for (j = 1; j < m - 1; j++) {
            for (k = 0; k < l; k++) {
                r1[k] = r[(i * m + j - 1) * l + k] + r[(i * m + j + 1) * l + k];
                r2[k] = r[((i - 1) * m + j) * l + k] + r[((i + 1) * m + j) * l + k];
            }
            for (k = 1; k < l - 1; k++)
                u[(i * m + j) * l + k] += c[0] * (r1[k - 1] + r1[k + 1]) + c[1] * r2[k];
        }
}

void in_planes(double ***r, double ***u, int n, int m, int l) {
    double r1[M];
    if (l > M) return;
    for (int i = 1; i < n - 1; i++)
        for (int j = 1; j < m - 1; j++) {
            for (int k = 0; k < l; k++) r1[k] = r[i - 1][j][k] + r[i + 1][j][k];
            for (int k = 1; k < l - 1; k++) u[i][j][k] = 0.5 * (r1[k - 1] + r1[k + 1]) + r[i][j][k];
        }
}

// One element behind the last that was assigned is read: it is of the iteration before.
void beyond(const double *restrict r, double *restrict u, int n, int l) {
    double r1[M];
    if (l > M) return;
    for (int k = 0; k < l; k++) r1[k] = 0;
    for (int i = 0; i < n; i++) {
        for (int k = 0; k < l - i % 2; k++) r1[k] = r[i * l + k] * 2;
        for (int k = 0; k < l; k++) u[i * l + k] = r1[k];
    }
}

// What the values are made of changes before they are read.
void overwritten(double *u, int n, int l) {
    double r1[M];
    if (l > M) return;
    for (int i = 0; i < n; i++) {
        for (int k = 0; k < l; k++) r1[k] = u[i * l + k] + 1;
        for (int k = 1; k < l; k++) u[i * l + k] = r1[k - 1] + u[i * l + k];
    }
}

// The last row is read behind the loops, and so is the counter.
double kept(const double *restrict r, double *restrict u, int n, int l) {
    double r1[M];
    int k = 0;
    if (l > M || l < 1 || n < 1) return 0;
    for (int i = 0; i < n; i++) {
        for (k = 0; k < l; k++) r1[k] = r[i * l + k] * r[i * l + k];
        for (int j = 0; j < l; j++) u[i * l + j] += r1[j] * k;
    }
    return r1[l - 1];
}

// A value of the loop around goes into the row.
void scaled(const float *restrict r, float *restrict u, const float *restrict by, int n, int l) {
    float row[M];
    if (l > M) return;
    for (int i = 0; i < n; i++) {
        float factor = by[i] * 0.5f;
        for (int k = 0; k < l; k++) row[k] = r[i * l + k] + factor;
        factor = 3;
        for (int k = 0; k < l; k++) u[i * l + k] = row[k] + row[k] * factor;
    }
}

// Products are rounded before they are subtracted, so that equal ones leave nothing.
void products(const double *restrict x, const double *restrict y, double *restrict u, int n, int l) {
    double r1[M];
    if (l > M) return;
    for (int i = 0; i < n; i++) {
        for (int k = 0; k < l; k++) r1[k] = x[i * l + k] * y[i * l + k];
        for (int k = 1; k < l; k++) u[i * l + k] = r1[k] - r1[k - 1];
    }
}
