// mupac: --cpu-threshold 0
// Each iteration has an array of its own whose length is computed: declared in the loop, allocated and freed in it or in what
// it calls, or kept by the function from iteration to iteration.
#include <stdlib.h>

void declared(int m, int n, const double *a, double *out) {
    for (int i = 0; i < m; i++) {
        double c[n];
        c[0] = a[i * n];
        for (int k = 1; k < n; k++) c[k] = c[k - 1] * 0.5 + a[i * n + k];
        double s = 0;
        for (int k = n - 1; k >= 0; k--) s = s * 0.25 + c[k];
        out[i] = s;
    }
}

// The length is computed in the iteration, from what iterations leave alone.
void computed(int m, int n, const double *a, double *out) {
    int half;
    for (int i = 0; i < m; i++) {
        half = n / 2 + 1;
        double c[half][2];
        for (int k = 0; k < half; k++) {
            c[k][0] = a[i] + k;
            c[k][1] = a[i] * k;
        }
        double s = 0;
        for (int k = 0; k < half; k++) s = s * 0.5 + c[half - 1 - k][k & 1];
        out[i] = s;
    }
}

// What one iteration declares is longer than what the next one does.
void changing(int m, const double *a, double *out) {
    for (int i = 0; i < m; i++) {
        double c[i + 1];
        for (int k = 0; k <= i; k++) c[k] = a[k] * i;
        out[i] = c[i] - c[0];
    }
}

void allocated(int m, int n, const double *a, double *out) {
    for (int i = 0; i < m; i++) {
        double *c = malloc(n * sizeof *c);
        int *seen = calloc(n, sizeof(int));
        if (!c || seen == NULL) exit(1);
        for (int k = 0; k < n; k++) c[k] = a[i * n + k];
        for (int k = 0; k < n; k += 2) seen[(k * 7) % n]++;
        double s = 0;
        for (int k = 0; k < n; k++) s = s * 0.5 + c[n - 1 - k] * seen[k];
        out[i] = s;
        free(c);
        free(seen);
    }
}

// A binomial tree for each price.
static double price(int n, double start, double strike) {
    double *v = malloc((n + 1) * sizeof *v), x = start;
    for (int j = 0; j <= n; j++) {
        v[j] = x > strike ? x - strike : 0;
        x *= 1.0625;
    }
    for (int t = n - 1; t >= 0; t--)
        for (int j = 0; j <= t; j++) v[j] = 0.5 * v[j] + 0.25 * v[j + 1];
    double result = v[0];
    free(v);
    return result;
}
void prices(int m, int n, const double *start, double *out) {
    for (int i = 0; i < m; i++) out[i] = price(n, start[i], 2);
}

// A tridiagonal system for each row, with the workspace of the caller.
static void thomas(int n, const double *d, double *c, double *x) {
    c[0] = -0.5;
    x[0] = d[0] * 0.5;
    for (int k = 1; k < n; k++) {
        double w = 2.5 + c[k - 1];
        c[k] = -1 / w;
        x[k] = (d[k] + x[k - 1]) / w;
    }
    for (int k = n - 2; k >= 0; k--) x[k] -= c[k] * x[k + 1];
}
void rows(int m, int n, const double *restrict a, double *restrict out) {
    double *c = malloc(n * sizeof *c);
    for (int i = 0; i < m; i++) thomas(n, a + i * n, c, out + i * n);
    free(c);
}

// One workspace for two sweeps, filled from its ends to its middle.
void columns(double *u, int ny, int nx) {
    double *line = malloc(ny * sizeof *line), *next = malloc(ny * sizeof *next);
    for (int i = 0; i < nx; i++) {
        for (int j = 0; j < ny; j++) line[j] = u[j * nx + i];
        next[0] = line[0];
        next[ny - 1] = line[ny - 1];
        for (int j = 1; j < ny - 1; j++) next[j] = 0.25 * line[j - 1] + 0.5 * line[j] + 0.25 * line[j + 1];
        for (int j = 0; j < ny; j++) u[j * nx + i] = next[j];
    }
    free(line);
    free(next);
}

// Every other element is the one that an earlier iteration left.
void remembered(int m, int n, const double *a, double *out) {
    double *c = calloc(n + 1, sizeof *c);
    for (int i = 0; i < m; i++) {
        for (int k = i & 1; k < n; k += 2) c[k] = a[i] + k;
        double s = 0;
        for (int k = 0; k < n; k++) s += c[k];
        out[i] = s;
    }
    free(c);
}

// The last row is what the function returns.
double last(int m, int n, const double *a, double *out) {
    double *c = malloc((n + 1) * sizeof *c), s = 0;
    for (int i = 0; i < m; i++) {
        for (int k = 0; k <= n; k++) c[k] = a[i] * k;
        out[i] = c[n] - c[0];
    }
    if (m > 0)
        for (int k = 0; k <= n; k++) s += c[k];
    free(c);
    return s;
}

// Which element is filled, an element of the array itself says.
void by_itself(int m, const int *a, const int *b, int *out) {
    int t[300];
    for (int i = 0; i < m; i++) {
        t[0] = a[i] & 127;
        t[t[0]] = i;
        t[0] = b[i] & 127;
        if (i % 3 == 0) t[t[0]] = 2 * i;
        out[i] = t[0];
    }
}

// An image for each picture: its rows and columns are threads, not the picture.
void blurred(int pictures, int h, int w, const float *restrict in, float *restrict out) {
    float *t = malloc((size_t)h * w * sizeof *t);
    for (int p = 0; p < pictures; p++) {
        for (int y = 0; y < h; y++)
            for (int x = 0; x < w; x++) t[y * w + x] = in[(p * h + y) * w + x] * 0.5f;
        for (int y = 0; y < h; y++)
            for (int x = 0; x < w; x++) out[(p * h + y) * w + x] = t[y * w + x] + t[(h - 1 - y) * w + x];
    }
    free(t);
}
