// The length of a parameter's rows changes after it was taken; another function keeps its kernel.
// mupac: --cpu-threshold 100
void half(int n, int m, double a[n][m]) {
    m = m / 2;
    for (int i = 0; i < n; i++)
        for (int j = 0; j < m; j++)
            a[i][j] += i + j;
}
void whole(int n, int m, double a[n][m]) {
    for (int i = 0; i < n; i++)
        for (int j = 0; j < m; j++)
            a[i][j] += 2 * j;
}
