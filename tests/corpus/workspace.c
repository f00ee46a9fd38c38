// mupac: --cpu-threshold 100
/* A small array that every iteration fills before it reads it: each thread has its own. */
void sort3(int n, float *a, const float *b) {
    float v[3], t;
    for (int i = 0; i < n; i++) {
        for (int k = 0; k < 3; k++)
            v[k] = b[3 * i + k];
        if (v[0] > v[1]) {
            t = v[0];
            v[0] = v[1];
            v[1] = t;
        }
        if (v[1] > v[2])
            v[1] = v[2];
        a[i] = v[0] > v[1] ? v[0] : v[1];
    }
}

/* One for each row: what a row fills, its columns read. */
void rows(int n, int m, double a[n][m]) {
    double w[2][2];
    for (int i = 0; i < n; i++) {
        for (int k = 0; k < 4; k++)
            w[k / 2][k % 2] = a[i][0] + k;
        for (int j = 1; j < m; j++)
            a[i][j] += w[1][j % 2];
    }
}
