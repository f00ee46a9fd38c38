/* Arrays of variable length are parameters like others: tests make up their rows. */
void product(int n, int m, const double a[n][m], const double x[m], double y[restrict n]) {
    for (int i = 0; i < n; i++) {
        double sum = 0;
        for (int j = 0; j < m; j++)
            sum += a[i][j] * x[j];
        y[i] = sum;
    }
}

void shifted(int n, int m, int k, float a[n][m + 1][k]) {
    for (int i = 0; i < n; i++)
        for (int j = 0; j < m; j++)
            for (int l = 0; l < k; l++)
                a[i][j][l] = i + j * l;
}
