// Where the best of all pairs of counters is, in the order of the loops: iterations are numbered.
// mupac: --cpu-threshold 0
#include <limits.h>
#include <math.h>

typedef struct {
    int width, height;
    unsigned char *pixels;
} image;

// Template matching: bounds are differences of members, and the value is a sum over two loops.
void match(const image *in, const image *part, int *found) {
    int best = INT_MAX, best_x = -1, best_y = -1;
    for (int y = 0; y <= in->height - part->height; y++)
        for (int x = 0; x <= in->width - part->width; x++) {
            int sum = 0;
            for (int j = 0; j < part->height; j++)
                for (int i = 0; i < part->width; i++) {
                    int d = in->pixels[(y + j) * in->width + x + i] - part->pixels[j * part->width + i];
                    sum += d * d;
                }
            if (sum < best) {
                best = sum;
                best_x = x;
                best_y = y;
            }
        }
    found[0] = best_x;
    found[1] = best_y;
}

// The last of the best; counters that start below zero, and what is computed of both.
void last_of_best(int n, const int *restrict a, int *restrict found) {
    int best = -1000, row = -7, both = -9, i, j, v;
    for (i = -3; i < n; i++)
        for (j = -n; j < i; j++) {
            v = (a[i + 3] ^ a[j + n]) & 15;
            if (v >= best) {
                best = v;
                row = i;
                both = 2 * j + i;
            }
        }
    found[0] = row;
    found[1] = both;
    found[2] = best;
}

// Both loops count down.
void from_above(int n, const int *restrict a, int *restrict found) {
    int best = 3, row = -7, column = -9;
    for (int i = n - 1; i >= 0; i--)
        for (int j = n - 1; j >= 0; j--)
            if (i != j && (a[i] & a[j]) % 16 > best) {
                best = (a[i] & a[j]) % 16;
                row = i;
                column = j;
            }
    found[0] = row;
    found[1] = column;
    found[2] = best;
}

// The pivot of Jacobi's method for eigenvalues: the largest element above the diagonal.
void pivot(int n, double a[n][n], double *largest, int *at) {
    double most = 0;
    int p = 0, q = 1;
    for (int i = 0; i < n; i++)
        for (int j = i + 1; j < n; j++)
            if (fabs(a[i][j]) > most) {
                most = fabs(a[i][j]);
                p = i;
                q = j;
            }
    *largest = most;
    at[0] = p;
    at[1] = q;
}
