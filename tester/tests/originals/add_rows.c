void add_rows(int n, int m, float **a) {
    for (int i = 0; i < n; i++)
        for (int j = 0; j < m; j++) a[i][j] += j + 1;
}
