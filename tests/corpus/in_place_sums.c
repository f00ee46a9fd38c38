// Sums into elements of an array that they read elsewhere: a thread keeps the running sum in a register where no iteration
// mupac: --cpu-threshold 0
// reads the element by another subscript.
void triangle(int m, int n, double alpha, double A[300][300], double B[300][400])
{
    for (int i = 0; i < m; i++)
        for (int j = 0; j < n; j++) {
            for (int k = i + 1; k < m; k++)
                B[i][j] += A[k][i] * B[k][j];
            B[i][j] = alpha * B[i][j];
        }
}

// A lower triangular system for each row of right-hand sides.
void solve(int count, int n, const float *restrict l, float *restrict x)
{
    for (int b = 0; b < count; b++)
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < i; j++)
                x[b * n + i] -= l[i * n + j] * x[b * n + j];
            x[b * n + i] /= l[i * n + i];
        }
}

// One iteration reads the sum itself.
void doubles(int m, int n, double B[300][400])
{
    for (int j = 0; j < n; j++)
        for (int i = 0; i < m; i++)
            for (int k = i; k < m; k++)
                B[i][j] += 0.5 * B[k][j];
}

// The element read is the sum in the iteration where k is p.
void somewhere(int m, int n, int p, int B[300][400])
{
    for (int j = 0; j < n; j++)
        for (int k = 0; k < m; k++)
            B[p][j] += B[k][j];
}

// Downwards, from a row that the sum has passed.
void downwards(int m, int n, const double *restrict w, double B[300][400])
{
    for (int j = 0; j < n; j++)
        for (int i = m - 2; i >= 0; i--)
            for (int k = m - 1; k > i; k--)
                B[i][j] -= w[k] * B[k][j];
}

// What the loop leaves is another element each time: nothing has to be read before.
void copies(int m, int n, double B[300][400])
{
    for (int j = 0; j < n; j++)
        for (int i = 0; i < m; i++)
            for (int k = i + 1; k < m; k++)
                B[i][j] = 2 * B[k][j];
}

// An unsigned counter.
void unsigned_rows(int m, int n, double B[300][400])
{
    for (int j = 0; j < n; j++)
        for (int i = 0; i < m; i++)
            for (unsigned k = i; k < m; k++)
                B[i][j] += 0.25 * B[k + 1][j];
}
