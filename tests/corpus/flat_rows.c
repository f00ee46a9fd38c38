// mupac: --cpu-threshold 0
// Flat memory that is taken for rows: a row that is named exists as a whole, so copies may hold the elements at its ends,
// which no loop touches.
void smooth(int n, int m, const double *restrict from, double *restrict to) {
    const double (*a)[m] = (const double (*)[m])from;
    double (*b)[m] = (double (*)[m])to;
    for (int i = 1; i < n - 1; i++)
        for (int j = 1; j < m - 1; j++)
            b[i][j] = 0.25 * (a[i - 1][j] + a[i + 1][j] + a[i][j - 1] + a[i][j + 1]);
}

void inner(int n, float *restrict p) {
    float (*a)[4][10] = (float (*)[4][10])p;
    for (int i = 0; i < n; i++)
        for (int j = 1; j < 3; j++)
            for (int k = 1; k < 9; k++)
                a[i][j][k] *= 2.0f;
}
