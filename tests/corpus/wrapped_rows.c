// mupac: --cpu-threshold 0
// Rows behind pointers that wrap around, are clamped, doubled or chosen by data.
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

static void coarse(double **f, double **c, int n) {
    for (int i = 1; i < n; i++)
        for (int j = 1; j < n; j++) c[i][j] = f[2 * i][2 * j] + 0.5 * (f[2 * i - 1][2 * j] + f[2 * i + 1][2 * j]);
}

static void fine(double **f, double **c, int n) {
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) {
            f[2 * i][2 * j] += c[i][j];
            f[2 * i + 1][2 * j] += 0.5 * (c[i][j] + c[i + 1][j]);
        }
}

static void shade(float **a, float **o, int h, int w) {
    for (int y = 0; y < h; y++)
        for (int x = 0; x < w; x++) {
            int up = y - 1, left = x - 2, down = y < h - 1 ? y + 1 : y;
            if (up < 0) up = 0;
            if (left < 0) left = 0;
            o[y][x] = a[y][x] - a[up][left] + a[down][x];
        }
}

static void life(bool **now, bool **next, int rows, int cols) {
    for (int i = 0; i < rows; i++)
        for (int j = 0; j < cols; j++) {
            int up = (i + rows - 1) % rows, down = (i + 1) % rows, left = (j + cols - 1) % cols, right = (j + 1) % cols;
            int n = now[up][left] + now[up][j] + now[up][right] + now[i][left] + now[i][right] + now[down][left] +
                    now[down][j] + now[down][right];
            next[i][j] = n == 3 || (now[i][j] && n == 2);
        }
}

// Which row data decide may be any; the host computes this one.
static void chosen(float **a, float **o, const int *at, int h, int w) {
    for (int y = 0; y < h; y++)
        for (int x = 0; x < w; x++) o[y][x] = a[y][x] + a[at[y]][x];
}

static void *rows(int n, int m, size_t size) {
    void **all = malloc(n * sizeof *all);
    for (int i = 0; i < n; i++) all[i] = calloc(m, size);
    return all;
}

int main(void) {
    int n = 17, h = 25, w = 18, at[25];
    double **f = rows(2 * n + 2, 2 * n + 2, sizeof(double)), **c = rows(n + 1, n + 1, sizeof(double));
    for (int i = 0; i < 2 * n + 2; i++)
        for (int j = 0; j < 2 * n + 2; j++) f[i][j] = (i * 7 + j * 3) % 11;
    coarse(f, c, n), fine(f, c, n), coarse(f, c, n - 3);
    float **a = rows(h, w, sizeof(float)), **o = rows(h, w, sizeof(float));
    double all = 0;
    for (int i = 0; i < h; i++) {
        at[i] = i * 7 % h;
        for (int j = 0; j < w; j++) a[i][j] = (float)((i * 5 + j) % 13);
    }
    shade(a, o, h, w), shade(o, a, h - 3, w - 5), chosen(a, o, at, h, w), shade(a, o, 1, w);
    bool **now = rows(h, w, 1), **next = rows(h, w, 1);
    for (int i = 0; i < h; i++)
        for (int j = 0; j < w; j++) now[i][j] = (i * 31 + j * 17) % 3 == 0;
    for (int s = 0; s < 5; s++) {
        life(now, next, h, w);
        bool **other = now;
        now = next;
        next = other;
    }
    for (int i = 0; i < h; i++)
        for (int j = 0; j < w; j++) all = all * 0.75 + now[i][j] + o[i][j];
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) all += c[i][j] * (j % 5) + f[i][j];
    printf("%.9g\n", all);
    return 0;
}
