// mupac: --cpu-threshold 100
/* Either the reads or the writes are columns; the choice writes rows and reads through a padded tile. */
void transpose(int n, float b[][512], float a[][512]) {
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++)
            b[j][i] = a[i][j];
}
