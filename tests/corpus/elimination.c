// mupac: --cpu-threshold 100
/* The launches shrink with k, and the last ones have nothing to do. */
void eliminate(int n, double a[64][64]) {
    for (int k = 0; k < n; k++) {
        for (int i = k + 1; i < n; i++)
            a[i][k] = a[i][k] / (a[k][k] * a[k][k] + 1.0);
        for (int i = k + 1; i < n; i++)
            for (int j = k + 1; j < n; j++)
                a[i][j] = a[i][j] - a[i][k] * a[k][j];
    }
}
