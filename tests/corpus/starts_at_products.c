// Loops over a row of a flat array, from where it starts to where the next one does, and counters that are compared with two
// bounds.
void rows(int n, int w, const double *restrict a, double *restrict sum)
{
    for (int i = 0; i < n; i++) {
        double s = 0;
        for (int k = i * w; k < (i + 1) * w; k++)
            s += a[k];
        sum[i] = s;
    }
}

void named_bounds(int n, int w, double *a)
{
    for (int i = 0; i < n; i++) {
        int start = i * w, end = start + w;
        for (int k = start; k < end; k++)
            a[k] *= 2;
    }
}

void inner_points(int n, int w, const int *restrict a, int *restrict b)
{
    for (int i = 0; i < n; i++) {
        int row = i * w;
        for (int j = row + 1; j < row + w - 1; j++)
            b[j] = a[j - 1] + a[j + 1];
    }
}

void multiply(long n, long w, const double *restrict matrix, const long *restrict column,
              const double *restrict vector, double *restrict result)
{
    long row, c, first, last;
    double temp;
    for (row = 0; row < n; row++) {
        first = w * row;
        last = first + w - 1;
        for (temp = 0.0, c = first; c <= last; c++)
            temp += matrix[c] * vector[column[c]];
        result[row] += temp;
    }
}

void two_bounds(int n, int m, float *a)
{
    for (int i = 0; i < n && i < m; i++)
        a[i] *= 2;
}

void positions(int n, int m, const int *restrict a, const int *restrict key, int *restrict where)
{
    for (int i = 0; i < n; i++) {
        int j = 0;
        while (j < m && a[i * m + j] != key[i])
            j++;
        where[i] = j;
    }
}

// The counter is read afterwards, a bound changes: both stay as they are.
int last_counter(int n, int w, int *a)
{
    int k = 0;
    for (int i = 0; i < n; i++)
        for (k = i * w; k < (i + 1) * w; k++)
            a[k] += i;
    return k;
}
