// Loops cut into blocks by hand whose last iteration is named (`<= MIN(ii + B - 1, n - 1)`), or that count in `size_t` or
// `unsigned`, where a guard says that no block wraps around; blocks that leave something out stay as they are.
#include <stddef.h>
#include <stdio.h>
#define N 300
#define B 16
#define MIN(a, b) ((a) < (b) ? (a) : (b))

void to_the_last(int n, float a[N][N], float b[N][N])
{
    for (int ii = 0; ii < n; ii += B)
        for (int jj = 0; jj < n; jj += B)
            for (int i = ii; i <= MIN(ii + B - 1, n - 1); i++)
                for (int j = jj; j <= MIN(jj + B - 1, n - 1); j++)
                    b[j][i] = a[i][j];
}

void by_size(size_t n, const float *a, float *b)
{
    for (size_t ii = 0; ii < n; ii += B)
        for (size_t jj = 0; jj < n; jj += B)
            for (size_t i = ii; i < MIN(ii + B, n); i++)
                for (size_t j = jj; j < MIN(jj + B, n); j++)
                    b[j * n + i] = a[i * n + j] + 1;
}

void by_unsigned(unsigned n, float *a)
{
    for (unsigned ii = 0; ii < n; ii += B)
        for (unsigned i = ii; i < ii + B && i < n; i++)
            a[i] = a[i] * 0.5f;
}

void every_fourth(unsigned n, float *a)
{
    for (unsigned i = 0; i < n; i += 4)
        a[i] = a[i] + 2;
}

/* The last element of each block is left out. */
void with_gaps(int n, float *a)
{
    for (int ii = 0; ii < n; ii += B)
        for (int i = ii; i <= MIN(ii + B - 2, n - 1); i++)
            a[i] = a[i] + 3;
}

/* Where a block of 64 elements wraps around, it has no iterations. */
void whole_blocks(unsigned start, unsigned n, float *a)
{
    for (unsigned ii = start; ii < n; ii += 64)
        for (unsigned i = ii; i < ii + 64; i++)
            a[i & 1023] = a[i & 1023] + 4;
}

/* In blocks, an element is read before it is written; row by row, after that. */
void order_of_blocks(size_t n, float *a)
{
    for (size_t jj = 0; jj < n; jj += B)
        for (size_t i = 1; i < n; i++)
            for (size_t j = jj; j < MIN(jj + B, n); j++)
                if (j + 1 < n)
                    a[i * n + j] = a[(i - 1) * n + j + 1] * 0.5f;
}

static float a[N][N], b[N][N];

int main(void)
{
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++)
            a[i][j] = (float)((i * 7 + j * 3) % 11);
    to_the_last(N - 3, a, b);
    by_size(N, b[0], a[0]);
    by_unsigned(N * N, a[0]);
    every_fourth(N * N, b[0]);
    with_gaps(N * N - 5, a[0]);
    whole_blocks(7, N * N, b[0]);
    order_of_blocks(N, a[0]);
    double sum = 0;
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++)
            sum += a[i][j] * (i % 5) + b[i][j] * (j % 3);
    printf("%.3f\n", sum);
    return 0;
}
