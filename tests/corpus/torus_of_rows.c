// mupac: --cpu-threshold 0
/* Rows of `T **` that are reached around the edges: a remainder keeps them among those that there are. */
#include <stdbool.h>

typedef struct {
    int rows, cols;
    bool **cells;
} grid;

static int neighbours(const grid *g, int r, int c) {
    int count = 0;
    for (int dr = -1; dr <= 1; dr++)
        for (int dc = -1; dc <= 1; dc++) {
            if (dr == 0 && dc == 0) continue;
            int rr = (r + dr + g->rows) % g->rows, cc = (c + dc + g->cols) % g->cols;
            if (g->cells[rr][cc]) count++;
        }
    return count;
}

/* Whether a cell's own row is read depends on how many neighbours live. */
void step(const grid *from, grid *to) {
    for (int r = 0; r < from->rows; r++)
        for (int c = 0; c < from->cols; c++) {
            int n = neighbours(from, r, c);
            to->cells[r][c] = n == 3 || (n == 2 && from->cells[r][c]);
        }
}

/* No row is read by its own number. */
void roll(double **u, double **v, int n, int m) {
    for (int i = 0; i < n; i++)
        for (int j = 0; j < m; j++) v[i][j] = u[(i + 1) % n][(j + 1) % m];
}

/* Only some of the rows of the table. */
void every_third(double **u, double **v, int n, int m) {
    for (int i = 0; i < n; i++)
        for (int j = 0; j < m; j++) v[i][j] = u[3 * i % n][j];
}
