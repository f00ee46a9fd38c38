// Counters and indices that serve again behind their loops, as C of 1989 is written: each purpose is one variable.
// mupac: --cpu-threshold 0
#define W 40

// A sweep along rows with a last step of its own: all three loops over m, j and k are parallel.
void sweep(int n, double a[2][W][W][W], const double c[7][W][W][W])
{
    int i, i1, j, k, m, at;
    for (m = 0; m < 2; m++) {
        at = m * 3 + 1;
        for (i = 0; i < n - 1; i++) {
            i1 = i + 1;
            for (j = 0; j < W; j++)
                for (k = 0; k < W; k++)
                    a[m][i1][j][k] -= c[at][i][j][k] * a[m][i][j][k];
        }
        i = n - 1;
        i1 = n - 2;
        for (j = 0; j < W; j++)
            for (k = 0; k < W; k++)
                a[m][i][j][k] += c[at + 1][i1][j][k] * a[m][i1][j][k];
    }
}

// The last value of `at` goes on to the next iteration, where it is read first.
void goes_on(int n, const int *restrict a, int *restrict b)
{
    int at = 0;
    for (int i = 0; i < n; i++) {
        b[i] = a[at];
        at = i / 2;
        b[i] += a[at];
        at = i / 3;
    }
}

// Where the rest is skipped, the first value goes on.
void skips(int n, const int *restrict a, int *restrict b)
{
    int at = 0;
    for (int i = 0; i < n; i++) {
        b[i] = a[at];
        at = i / 2;
        if (a[i] > 3)
            continue;
        b[i] += a[at];
        at = 0;
    }
}

// What the loop counted with is read before it is set again.
void counted(int n, int w, const int *restrict a, int *restrict b)
{
    int j;
    for (int i = 0; i < n; i++) {
        for (j = 0; j < w; j++)
            b[i * w + j] = a[i * w + j] + 1;
        b[i * w] += j;
        j = w - 1;
        b[i * w + j] *= 2;
    }
}

// Behind the loop somebody reads what the last iteration left.
int leaves(int n, const int *restrict a, int *restrict b)
{
    int k = 0;
    for (int i = 0; i < n; i++) {
        for (k = 0; k < 4; k++)
            b[4 * i + k] = a[i] + k;
        k = a[i] & 3;
        b[4 * i + k] = 0;
    }
    return k;
}
