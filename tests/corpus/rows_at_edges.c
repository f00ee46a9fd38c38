// mupac: --cpu-threshold 0
// Rows beside others that conditions keep inside, and rows around an element of which one is left out.
#include <stdbool.h>

void above(int **a, int **b, int n, int m) {
    for (int r = 0; r < n; r++)
        for (int c = 0; c < m; c++) {
            int s = a[r][c];
            if (r > 0) s += a[r - 1][c];
            b[r][c] = s;
        }
}

void around(double **a, double **b, int n, int m) {
    for (int r = 0; r < n; r++)
        for (int c = 0; c < m; c++) {
            double s = a[r][c];
            if (r > 0) s += a[r - 1][c];
            if (r < n - 1) s += a[r + 1][c];
            if (c > 0) s += a[r][c - 1];
            if (c < m - 1) s += a[r][c + 1];
            b[r][c] = s;
        }
}

typedef struct {
    int rows, cols;
    bool **cells;
} Grid;

static int neighbours(const Grid *g, int r, int c) {
    int count = 0;
    for (int dr = -1; dr <= 1; dr++)
        for (int dc = -1; dc <= 1; dc++) {
            if (dr == 0 && dc == 0) continue;
            if (g->cells[(r + dr + g->rows) % g->rows][(c + dc + g->cols) % g->cols]) count++;
        }
    return count;
}

void step(const Grid *from, Grid *to) {
    for (int r = 0; r < from->rows; r++)
        for (int c = 0; c < from->cols; c++) {
            int n = neighbours(from, r, c);
            to->cells[r][c] = from->cells[r][c] ? n == 2 || n == 3 : n == 3;
        }
}

// Nothing says which rows are there but conditions.
void inside(int **a, int **b, int n) {
    for (int r = 0; r < n; r++)
        for (int c = 0; c < n; c++) {
            int s = 0;
            for (int dr = -1; dr <= 1; dr++) {
                int y = r + dr;
                if (y >= 0 && y < n) s += a[y][c];
            }
            b[r][c] = s;
        }
}
