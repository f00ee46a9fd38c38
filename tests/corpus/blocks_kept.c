// Loops that look as if they were cut into blocks, or as if they counted, and do otherwise in some execution: bounds that change
// on the way, values that the order of blocks decides, steps of 0 where nothing runs, conditions that protect the next one.
#include <limits.h>
#include <stdio.h>
#define MIN(a, b) ((a) < (b) ? (a) : (b))
#define N 64

static int a[N * N], b[N * N], rows[N][N];

void end_grows(int n, int m, int *restrict out)
{
    for (int ii = 0; ii < n; ii += 16) {
        int e = ii + 15;
        for (int j = 0; j < m; j++) {
            e = e + 1;
            for (int i = ii; i < e; i++)
                out[i * m + j] += i + j;
        }
    }
}

void start_known_later(int n, int lo, int *restrict out)
{
    int ii, i;
    for (ii = lo; ii < n; ii += 16) {
        lo = 0;
        for (i = ii; i < MIN(ii + 16, n); i++)
            out[i] += i + 3;
    }
}

void end_shrinks(int n, int w, const int *restrict in, int *restrict out)
{
    for (int i = 0; i < n; i++) {
        int lo = i * w, hi = lo + w;
        for (int k = lo; k < hi; k++) {
            out[k] = in[k] * 2;
            if (in[k] == 7)
                hi = k;
        }
    }
}

void running_index(const int in[N][N], int *restrict out)
{
    int k = 0;
    for (int ii = 0; ii < N; ii += 16)
        for (int jj = 0; jj < N; jj += 16)
            for (int i = ii; i < ii + 16; i++)
                for (int j = jj; j < jj + 16; j++) {
                    out[k] = in[i][j];
                    k++;
                }
}

/* Outer iterations stay in order on the host, which has no blocks either. */
void diagonal(int n, int m, int (*restrict out)[N])
{
    int ii, jj, i, j;
    for (ii = 1; ii < n; ii += 16)
        for (jj = 1; jj < m; jj += 16)
            for (i = ii; i < MIN(ii + 16, n); i++)
                for (j = jj; j < MIN(jj + 16, m); j++)
                    out[i][j] = (out[i - 1][j - 1] * 3 + out[i][j]) & 255;
}

void pack(int m, int k, const int *restrict in, int *restrict out)
{
    int q = 0;
    for (int i = 0; i + 4 <= m; i += 4)
        for (int p = 0; p < k; p++)
            for (int r = i; r < i + 4; r++)
                out[q++] = in[r * k + p];
}

void step_of_zero(int n, int size, int *restrict out)
{
    for (int k = 0; k < n; k += size)
        out[k] = k + 1;
}

void steps_in_memory(int m, const int *restrict step, const int *restrict end, int (*restrict out)[N])
{
    for (int r = 0; r < m; r++) {
        int s = step[r], e = end[r];
        for (int j = 0; j < e; j += s)
            out[r][j] += r + j;
    }
}

void first_protects(int n, const int *restrict row, const int *restrict length, int *restrict out)
{
    for (int r = 0; r < n; r++)
        for (int i = 0; row[r] >= 0 && i < length[row[r]]; i++)
            out[r * N + i] = i + 2 * r;
}

void beyond_one_bound(int n, const int *restrict start, int end, int most, int *restrict sums)
{
    for (int r = 0; r < n; r++) {
        int sum = 0;
        for (int i = start[r]; i != end && i < most; i++)
            sum += i * a[r * N + i];
        sums[r] = sum;
    }
}

void up_to_the_limit(int n, const long *restrict last, long most, int *restrict sums)
{
    for (int r = 0; r < n; r++) {
        int sum = 0;
        for (long i = 0; i <= last[r] && i < most; i++)
            sum += (int)i * b[i];
        sums[r] = sum;
    }
}

static void print(const char *what, const int *values)
{
    unsigned sum = 0;
    for (int i = 0; i < N * N; i++)
        sum = sum * 31 + (unsigned)values[i];
    printf("%s %u\n", what, sum);
}

int main(void)
{
    static int small[N], other[N];
    static long last[N];
    for (int i = 0; i < N * N; i++)
        b[i] = rows[i / N][i % N] = i % 23;
    for (int i = 0; i < N; i++) {
        small[i] = i % 5 ? i % 7 : -1;
        other[i] = i % 3 ? 2 : 0;
        last[i] = i % 2 ? LONG_MAX : i;
    }
    end_grows(48, 4, a);
    print("end grows", a);
    start_known_later(N, 5, a);
    print("start known later", a);
    end_shrinks(N, 24, b, a);
    print("end shrinks", a);
    running_index((const int (*)[N])b, a);
    print("running index", a);
    diagonal(N, 60, rows);
    print("diagonal", &rows[0][0]);
    pack(N, 48, b, a);
    print("pack", a);
    step_of_zero(-1, 0, a);
    step_of_zero(N, 3, a);
    print("step of zero", a);
    for (int i = 0; i < N; i++)
        small[i] = other[i] ? i % 7 + 1 : 0;
    steps_in_memory(N, other, small, rows);
    print("steps in memory", &rows[0][0]);
    for (int i = 0; i < N; i++)
        small[i] = i % 5 ? i % 7 : -1;
    first_protects(N, small, other, a);
    print("first protects", a);
    for (int i = 0; i < N; i++)
        small[i] = i % 40;
    beyond_one_bound(N, small, 20, 33, a);
    print("beyond one bound", a);
    up_to_the_limit(N, last, 50, a);
    print("up to the limit", a);
    return 0;
}
