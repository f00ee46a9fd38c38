/* Values that stand between two parallel loops are computed in the inner one, and both loops are shared out. */

/* The order of a product that caches like; the factor waits between the loops. */
void product(int n, const double *a, const double *b, double *c) {
    for (int i = 0; i < n; i++)
        for (int k = 0; k < n; k++) {
            double t = a[i * n + k];
            for (int j = 0; j < n; j++) c[i * n + j] += t * b[k * n + j];
        }
}

/* One value is computed of another, and a third is still read beside the loop. */
void lens(int h, int w, int radius, const float *in, float *out, int *rows) {
    for (int y = 0; y < h; y++) {
        int dy = y - h / 2;
        int square = dy * dy;
        int row = y * w;
        rows[y] = row;
        for (int x = 0; x < w; x++) {
            int dx = x - w / 2;
            out[row + x] = dx * dx + square < radius * radius ? in[row + x] : 0.0f;
        }
    }
}

/* C of 1989. */
void scale_rows(int n, int m, double *a, const double *s) {
    int i, j;
    double f;
    for (i = 0; i < n; i++) {
        f = 1.0 / s[i];
        for (j = 0; j < m; j++) a[i * m + j] *= f;
    }
}
