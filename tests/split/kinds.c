#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>

#define N 60

/* Names and types that C++ reads otherwise, arrays of the file, scalars that the loop assigns, and lines that count. */
enum kind { COLD, WARM = 7 };
typedef long long wide;

static const double weights[3] = {0.25, 0.5, 0.25};
static int offset = 4;
wide totals[N];
unsigned char image[N][N];

static double square(double x) { return x * x; }

static void kinds(int n, enum kind *class, wide *new, bool is_warm, char *this) {
    for (int i = 0; i < n; i++) {
        class[i] = is_warm ? WARM : COLD;
        new[i] = class[i] + i;
        this[i] = (char)i;
    }
}

static void fill(int v) {
    if (v > 0)
        for (int i = 0; i < N; i++)
            for (int j = 0; j < N; j++)
                image[i][j] = (unsigned char)(i * v + j);
    else
        offset++;
    for (int i = 0; i < N; i++)
        totals[i] = (wide)i * v + offset;
}

static void smooth(int n, int m, const double x[n][m], double y[n][m]) {
#pragma GCC ivdep
    for (int i = 0; i < n; i++)
        for (int j = 1; j < m - 1; j++)
            y[i][j] = weights[0] * x[i][j - 1] + sqrt(square(x[i][j])) + x[i][j + 1]; /* beside it */
}

static int largest(int n, const int *x) {
    int i, most = -1;
    assert(n > 0);
    for (i = 0; i < n; i++)
        if (x[i] > most) most = x[i];
    assert(i == n);
    return most + i;
}

int main(void) {
    enum kind classes[N];
    wide numbers[N];
    char letters[N];
    int x[N];
    static double a[N][N], b[N][N];
    kinds(N, classes, numbers, true, letters);
    fill(3);
    for (int i = 0; i < N; i++) {
        x[i] = i ^ 5;
        for (int j = 0; j < N; j++)
            a[i][j] = i + 0.5 * j;
    }
    smooth(N, N, (const double (*)[N])a, b);
    printf("%d %lld %d %lld %d %g %d line %d\n", classes[3], numbers[4], letters[5], totals[6], image[7][8], b[9][10],
           largest(N, x), __LINE__);
    return 0;
}
