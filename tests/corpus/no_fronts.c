// mupac: --cpu-threshold 100
/* The columns are independent, so the inner loop is a kernel and no fronts are needed. */
void columns_apart(int n, int m, float a[n][m]) {
    for (int i = 1; i < n; i++)
        for (int j = 0; j < m; j++)
            a[i][j] = a[i - 1][j] * 0.5f;
}

/* Each row needs the whole row above: no front is left to run at once. */
void far_behind(int n, int m, float a[n][m]) {
    for (int i = 1; i < n; i++)
        for (int j = 1; j < m; j++)
            a[i][j] = a[i][j - 1] + a[i - 1][m - j];
}

/* What the counters are at last is returned. */
int left(int n, int m, float a[n][m]) {
    int i, j = 0;
    for (i = 1; i < n; i++)
        for (j = 1; j < m; j++)
            a[i][j] = a[i][j - 1] + a[i - 1][j];
    return i + j;
}
