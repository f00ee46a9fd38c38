/* Right behind the brace that declares the matrix a loop begins. */
// mupac: --cpu-threshold 0
void fill(int n, double a[n][n])
{for (int i = 0; i < n; i++)
    for (int j = 0; j < n; j++) a[i][j] = i + 2 * j;
}
