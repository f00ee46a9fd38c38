// mupac: --cpu-threshold 100
/* Subscripts from rows of variable length: what the host looks at first captures no such rows. */
void gather(int n, int m, double a[n][m], int index[n][m], const double *from) {
    for (int i = 0; i < n; i++)
        for (int j = 0; j < m; j++)
            a[i][j] = from[index[i][j]];
}
