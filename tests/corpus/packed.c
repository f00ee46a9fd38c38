// mupac: --cpu-threshold 0
// Iterations that keep something pack it: each is told how much those before it keep.
#include <stddef.h>

int positive(const int *a, int *out, int n) {
    int m = 0;
    for (int i = 0; i < n; i++)
        if (a[i] > 0) out[m++] = a[i];
    return m;
}

// Behind what is there already, of several arrays, by what products say: both kernels have to round alike.
size_t inside(const float *x, const float *y, float *px, float *py, int *at, size_t n, size_t from) {
    size_t k = from;
    for (size_t i = 0; i < n; i++) {
        if (x[i] * x[i] + y[i] * y[i] < 1.0f) {
            px[k] = x[i];
            py[k] = y[i];
            at[k] = (int)i;
            k++;
        }
    }
    return k;
}

typedef struct {
    float x, y;
    int id;
} Particle;

int alive(const Particle *restrict from, Particle *restrict to, int n) {
    int count = 0;
    for (int i = 0; i < n; ++i) {
        if (from[i].x < 0) continue;
        to[count] = from[i];
        count += 1;
    }
    return count;
}

int pairs(const int *a, int *out, int n) {
    int m = 0;
    for (int i = 0; i < n; i++)
        if (a[i] & 1) {
            out[2 * m] = i;
            out[2 * m + 1] = a[i];
            m++;
        }
    return m;
}

int edges[4096][2];

// Of every element one or two.
int split(const int *a, int n) {
    int m = 0;
    for (int i = 0; i < n && i < 2000; i++) {
        edges[m][0] = i;
        edges[m][1] = a[i];
        m++;
        if (a[i] > 4) {
            edges[m][0] = i;
            edges[m][1] = -a[i];
            m++;
        }
    }
    return m;
}

// Each thread packs what a row has.
int marked(const unsigned char *a, int *at, int w, int h) {
    int k = 0;
    for (int y = 0; y < h; y++)
        for (int x = 0; x < w; x++)
            if (a[y * w + x] > 2) at[k++] = y * w + x;
    return k;
}

// Where it came from is read after it was written: iterations keep their order.
int in_place(int *a, int n) {
    int m = 0;
    for (int i = 0; i < n; i++)
        if (a[i] != 0) a[m++] = a[i];
    return m;
}

// There may be no more room: what the counter says decides.
int bounded(const int *a, int *out, int n, int room) {
    int m = 0;
    for (int i = 0; i < n; i++)
        if (a[i] > 0 && m < room) out[m++] = a[i];
    return m;
}
