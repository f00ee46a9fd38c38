// Values by name: macros, enumerators, sizes and lengths of arrays that kernels were made for.
#include <stddef.h>
#define ROWS 128
#define COLUMNS (ROWS / 2)
#define SCALE 0.5
enum { STEP = 2, LENGTH = 20000 };
struct cell {
    double value;
    int kind;
};
static double grid[ROWS][COLUMNS];
static struct cell cells[LENGTH];

void fill(const double *x) {
    for (int i = 0; i < ROWS; i++)
        for (int j = 0; j < COLUMNS; j++)
            grid[i][j] = x[i * COLUMNS + j] * SCALE;
}

void every(double *y) {
    const int count = 9000;
    for (int i = 0; i < count; i++)
        y[STEP * i] = i;
}

void mark(void) {
    for (size_t i = 0; i < sizeof cells / sizeof cells[0]; i++)
        cells[i].kind = (int)sizeof(struct cell);
}
