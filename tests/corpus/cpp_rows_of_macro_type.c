/* Rows of variable length whose element is named by a macro, as `bool` is in C. */
#include <stdbool.h>

#define REAL float

void life(int h, int w, bool now[h][w], bool next[h][w]) {
    for (int y = 1; y < h - 1; y++)
        for (int x = 1; x < w - 1; x++) {
            int n = now[y - 1][x] + now[y + 1][x] + now[y][x - 1] + now[y][x + 1];
            next[y][x] = n == 3 || (now[y][x] && n == 2);
        }
}

void scale(int n, int m, REAL factor, const REAL (*in)[m], REAL out[n][m]) {
    for (int i = 0; i < n; i++)
        for (int j = 0; j < m; j++)
            out[i][j] = factor * in[i][j];
}

void shift(int n, int m, REAL offset, REAL *where) {
    REAL (*rows)[m] = (REAL (*)[m])where;
    for (int i = 0; i < n; i++)
        for (int j = 0; j < m; j++)
            rows[i][j] += offset;
}
