// mupac: --cpu-threshold 0
// Arrays whose declarations compute their lengths, from values that may be others later.
#include <stdio.h>

static int nx, ny, nz;

static double at(int i, int j, int k) { return (i * 7 + j * 3 + k) % 11 * 0.5; }

// Sizes of the file.
static void smooth(double *restrict out) {
    double work[nx + 2][ny + 2][nz + 2];
    for (int i = 0; i < nx + 2; i++)
        for (int j = 0; j < ny + 2; j++)
            for (int k = 0; k < nz + 2; k++) work[i][j][k] = at(i, j, k);
    for (int i = 1; i <= nx; i++)
        for (int j = 1; j <= ny; j++)
            for (int k = 1; k <= nz; k++)
                out[((i - 1) * ny + j - 1) * nz + k - 1] =
                    work[i - 1][j][k] + work[i + 1][j][k] + work[i][j - 1][k] + work[i][j + 1][k] + work[i][j][k - 1] + work[i][j][k + 1];
}

// A size that changes behind the declaration, of an array with a name that C++ keeps for itself.
static double shrunk(int n, int m) {
    double rows[n][m + 1], new[m + 1];
    m /= 2;
    for (int i = 0; i < n; i++)
        for (int j = 0; j < m; j++) rows[i][j] = at(i, j, n);
    for (int j = 0; j < m; j++) new[j] = at(j, j, n);
    double sum = 0;
    for (int i = 0; i < n; i++)
        for (int j = 0; j < m; j++) sum += rows[i][j] + new[j];
    return sum;
}

// Two arrays of one name.
static double halves(int n) {
    double sum = 0;
    if (n % 2) {
        double half[n / 2 + 1];
        for (int i = 0; i < n / 2; i++) half[i] = at(i, n, 0);
        sum = half[n / 4];
    } else {
        double half[n / 2];
        for (int i = 0; i < n / 2; i++) half[i] = at(n, i, 0);
        sum = half[n / 4];
    }
    return sum;
}

// Another one for each pass.
static double passes(int n) {
    double sum = 0;
    for (int pass = 1; pass < 4; pass++) {
        double work[n * pass], *last = work + n * pass - 1;
        int length = n * pass;
        for (int i = 0; i < length; i++) work[i] = at(i, pass, 1);
        sum += *last;
    }
    return sum;
}

// The size counts on: nothing names it.
static double counted(int n) {
    double sum = 0;
    double work[n++][4];
    for (int i = 0; i < n - 1; i++)
        for (int j = 0; j < 4; j++) work[i][j] = at(i, j, 2);
    for (int i = 0; i < n - 1; i++) sum += work[i][i % 4];
    return sum;
}

int main(void) {
    nx = 9, ny = 8, nz = 7;
    double out[9 * 8 * 7], sum = 0;
    smooth(out);
    for (int i = 0; i < nx * ny * nz; i++) sum += out[i];
    printf("%.1f %.1f %.1f %.1f", sum, shrunk(12, 10), passes(20), counted(30));
    printf(" %.1f %.1f\n", halves(30), halves(31));
    return 0;
}
