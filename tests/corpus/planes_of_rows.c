// mupac: --check-level=quick --cpu-threshold 0
// Planes of rows that an array of pointers to arrays of pointers leads to: in one block, row by row, of other sizes, or in no order.
#include <stdio.h>
#include <stdlib.h>

static double ***allocated(int n, int m, int l) {
    double ***a = malloc(n * sizeof *a);
    for (int i = 0; i < n; i++) {
        a[i] = malloc(m * sizeof *a[i]);
        for (int j = 0; j < m; j++) a[i][j] = malloc(l * sizeof *a[i][j]);
    }
    return a;
}

// All rows behind one another, in a block of their own.
static double ***in_one_block(int n, int m, int l) {
    double *all = malloc((size_t)n * m * l * sizeof *all);
    double ***a = malloc(n * sizeof *a);
    for (int i = 0; i < n; i++) {
        a[i] = malloc(m * sizeof *a[i]);
        for (int j = 0; j < m; j++) a[i][j] = all + ((size_t)i * m + j) * l;
    }
    return a;
}

void fill(double ***a, int n, int m, int l) {
    for (int i = 0; i < n; i++)
        for (int j = 0; j < m; j++)
            for (int k = 0; k < l; k++) a[i][j][k] = (i * 7 + j * 5 + k * 3) % 11;
}

// Rows at the edges of planes are never touched.
void heat(double ***u, double ***v, int n, int m, int l) {
    for (int i = 1; i < n - 1; i++)
        for (int j = 1; j < m - 1; j++)
            for (int k = 1; k < l - 1; k++)
                v[i][j][k] = u[i][j][k] + 0.1 * (u[i - 1][j][k] + u[i + 1][j][k] + u[i][j - 1][k] + u[i][j + 1][k] +
                                                 u[i][j][k - 1] + u[i][j][k + 1] - 6 * u[i][j][k]);
}

double total(double ***a, int n, int m, int l) {
    double sum = 0;
    for (int i = 0; i < n; i++)
        for (int j = 0; j < m; j++)
            for (int k = 0; k < l; k++) sum += a[i][j][k] * (i + 2 * j + 3 * k);
    return sum;
}

// Rows of different planes, and no two planes have the same ones.
void transposed(float ***to, float ***from, int n, int m, int l) {
    for (int j = 0; j < m; j++)
        for (int i = 0; i < n; i++)
            for (int k = 0; k < l; k++) to[j][i][k] = from[i][j][k];
}

struct block {
    int level;
    double ****array;
};

int nx, ny, nz;

void scale(struct block *b, int variable, double by) {
    for (int i = 1; i <= nx; i++)
        for (int j = 1; j <= ny; j++)
            for (int k = 1; k <= nz; k++) b->array[variable][i][j][k] *= by;
}

struct cell {
    float density, energy;
};

void mix(struct cell ***cells, int n, int m, int l) {
    for (int i = 0; i < n; i++)
        for (int j = 0; j < m; j++)
            for (int k = 0; k < l; k++) cells[i][j][k].energy += cells[i][j][k].density;
}

// Before the first row of a plane that its rows do not fill lies none of the plane before.
void before(double ***a, double *restrict out, int n, int m, int g) {
    for (int i = 1; i < n; i++) {
        for (int k = 1; k < g; k++) a[i][0][-1 - k] = 1000 * i + k;
        for (int j = 1; j <= m; j++) out[i] += a[i][j][-1];
    }
}

// A plane has as many rows as its number says.
void diagonal(double ***a, int n, int l) {
    for (int i = 0; i < n; i++)
        for (int k = 0; k < l; k++) a[i][i][k] += 1;
}

// Rows of pixels of several numbers are no planes.
double pixels(double **image, int height, int width, int channels) {
    double sum = 0;
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++)
            for (int c = 0; c < channels; c++) sum += image[y][x * channels + c] * (c + 1);
    return sum;
}

static void odd_ones(void) {
    enum { n = 30, m = 4, pitch = 8, plane = m * pitch + 1 };
    double *data = calloc(n * plane + 64, sizeof *data), out[n] = {0}, sum = 0;
    double ***a = malloc(n * sizeof *a), ***b = malloc(n * sizeof *b);
    for (int i = 0; i < n; i++) {
        a[i] = malloc((m + 1) * sizeof *a[i]);
        for (int j = 0; j <= m; j++) a[i][j] = data + 16 + i * plane + j * pitch;
        b[i] = malloc((i + 1) * sizeof *b[i]);
        for (int j = 0; j <= i; j++) b[i][j] = calloc(20, sizeof *b[i][j]);
    }
    before(a, out, n, m, 3);
    for (int i = 0; i < n; i++) sum += out[i] * i;
    diagonal(b, n, 20);
    printf("%.12g %.12g %.12g\n", sum, b[5][5][3], pixels(b[n - 1], n, 5, 4));
}

static void swap_rows(double ***a, int m) {
    double *row = a[1][1];
    a[1][1] = a[2][m - 2], a[2][m - 2] = row;
}

int main(void) {
    int n = 12, m = 9, l = 40;
    double ***all[] = {allocated(n, m, l), allocated(n, m, l), in_one_block(n, m, l), in_one_block(n, m, l)};
    for (int at = 0; at < 4; at += 2) {
        double ***u = all[at], ***v = all[at + 1];
        fill(u, n, m, l), fill(v, n, m, l);
        for (int t = 0; t < 4; t++) {
            heat(u, v, n, m, l);
            double ***w = u;
            u = v, v = w;
        }
        printf("%.12g\n", total(u, n, m, l));
        u[0][0][1] = 100, u[3][4][5] = -7;
        heat(u, v, n, m, l);
        printf("%.12g\n", total(v, n, m, l));
        swap_rows(v, m);  // equally far apart no more
        heat(v, u, n, m, l);
        printf("%.12g\n", total(u, n, m, l));
    }
    nx = n - 2, ny = m - 2, nz = l - 2;
    odd_ones();
    struct block b = {1, all};
    scale(&b, 2, 0.5);
    printf("%.12g\n", total(all[2], n, m, l));
    return 0;
}
