// Loops that people cut into blocks for the caches of a CPU become whole again: of constant and of variable size, by a minimum,
// by two conditions, by a bound that is limited first.
#define MIN(a, b) ((a) < (b) ? (a) : (b))
#define N 64

void transpose(int n, int tile, const double *restrict a, double *restrict b)
{
    for (int it = 0; it < n; it += tile)
        for (int jt = 0; jt < n; jt += tile)
            for (int i = it; i < MIN(n, it + tile); i++)
                for (int j = jt; j < MIN(n, jt + tile); j++)
                    b[j * n + i] += a[i * n + j];
}

void product(int n, const float *restrict a, const float *restrict b, float *restrict c)
{
    int i, j, k, ii, jj, kk;
    for (ii = 0; ii < n; ii += 48)
        for (kk = 0; kk < n; kk += 48)
            for (jj = 0; jj < n; jj += 48)
                for (i = ii; i < ii + 48 && i < n; i++)
                    for (k = kk; k < kk + 48 && k < n; k++)
                        for (j = jj; j < jj + 48 && j < n; j++)
                            c[i * n + j] += a[i * n + k] * b[k * n + j];
}

void whole_blocks(double a[N][N], double b[N][N])
{
    for (int ii = 0; ii < N; ii += 16)
        for (int jj = 0; jj < N; jj += 16)
            for (int i = ii; i < ii + 16; i++)
                for (int j = jj; j < jj + 16; j++)
                    b[i][j] = a[i][j] * 2.0 + 1.0;
}

void limited(int n, const int *restrict a, int *restrict b)
{
    for (int block = 0; block < n; block += 100) {
        int end = block + 100;
        if (end > n)
            end = n;
        for (int i = block; i < end; i++)
            b[i] = a[i] / 3;
    }
}

// The blocks of this one come in an order that counts: one element needs another one that is behind in i and before in j.
void ordered(int n, double *a)
{
    for (int it = 1; it < n - 1; it += 16)
        for (int jt = 1; jt < n - 1; jt += 16)
            for (int i = it; i < MIN(n - 1, it + 16); i++)
                for (int j = jt; j < MIN(n - 1, jt + 16); j++)
                    a[i * n + j] += a[(i - 1) * n + j + 1] * 0.5;
}
