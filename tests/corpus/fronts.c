// mupac: --cpu-threshold 100
/* Both loops carry dependences; what lies on one diagonal can be computed at the same time. */
int common(int n, int m, const char *a, const char *b, int length[n + 1][m + 1]) {
    for (int i = 1; i <= n; i++)
        for (int j = 1; j <= m; j++) {
            int longest = length[i - 1][j] > length[i][j - 1] ? length[i - 1][j] : length[i][j - 1];
            length[i][j] = a[i - 1] == b[j - 1] ? length[i - 1][j - 1] + 1 : longest;
        }
    return length[n][m];
}

/* Each point needs the one to its right in the row above: a row starts two fronts after the one before. */
void relax(int steps, int n, double a[n][n]) {
    for (int t = 0; t < steps; t++)
        for (int i = 1; i < n - 1; i++)
            for (int j = 1; j < n - 1; j++)
                a[i][j] = (a[i - 1][j + 1] + a[i - 1][j] + a[i][j - 1] + a[i][j] + a[i][j + 1] + a[i + 1][j]) / 6.0;
}

/* Intervals by length: the fronts of a triangle are its diagonals. */
void chain(int n, int cost[n][n]) {
    for (int i = n - 1; i >= 0; i--)
        for (int j = i + 1; j < n; j++) {
            cost[i][j] = cost[i + 1 < n ? i + 1 : i][j] + 1;
            for (int k = i; k < j; k++)
                if (cost[i][k] + cost[k + 1][j] < cost[i][j])
                    cost[i][j] = cost[i][k] + cost[k + 1][j];
        }
}
