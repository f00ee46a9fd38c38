// mupac: --cpu-threshold 100
/* The first-level cache holds what neighbours share, so the choice stages nothing and keeps the default mapping. */
void smooth(int n, int m, float *b, const float *a) {
    for (int i = 1; i < n - 1; i++)
        for (int j = 1; j < m - 1; j++)
            b[i * m + j] = 0.2f * (a[i * m + j] + a[i * m + j - 1] + a[i * m + j + 1] + a[(i - 1) * m + j] + a[(i + 1) * m + j]);
}
