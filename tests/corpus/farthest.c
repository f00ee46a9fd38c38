// mupac: --cpu-threshold 0
// Where a greatest or least value is that is computed: two kernels find the same value, since neither contracts its products.
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct {
    float x, y, z;
} point;

static int farthest(int n, const double *x, const double *y, double px, double py) {
    int best = -1;
    double greatest = -1;
    for (int i = 0; i < n; i++) {
        double distance = (x[i] - px) * (x[i] - px) + (y[i] - py) * (y[i] - py);
        if (distance > greatest) {
            greatest = distance;
            best = i;
        }
    }
    return best;
}

// The last of several, of structures, with the value.
static int nearest(int n, const point *restrict p, point q, float *restrict value) {
    int best = 0;
    float least = FLT_MAX;
    for (int i = 0; i < n; i++) {
        float dx = p[i].x - q.x, dy = p[i].y - q.y, dz = p[i].z - q.z;
        float distance = sqrtf(dx * dx + dy * dy + dz * dz);
        if (distance <= least) {
            least = distance;
            best = i;
        }
    }
    *value = least;
    return best;
}

// Of two loops, under a condition.
static int brightest(int h, int w, const double *image, const unsigned char *mask) {
    int place = -1;
    double best = 0;
    for (int y = 0; y < h; y++)
        for (int x = 0; x < w; x++) {
            double value = 0.25 * image[y * w + x] + 0.75 * image[(h - 1 - y) * w + x];
            if (mask[y * w + x] && value > best) {
                best = value;
                place = y * w + x;
            }
        }
    return place;
}

// A sum over a loop inside, which each thread adds in its order.
static int row(int n, int m, const double *a, const double *q) {
    int best = -1;
    double least = DBL_MAX;
    for (int i = 0; i < n; i++) {
        double sum = 0;
        for (int k = 0; k < m; k++) sum += (a[i * m + k] - q[k]) * (a[i * m + k] - q[k]);
        if (sum < least) {
            least = sum;
            best = i;
        }
    }
    return best;
}

// Products decide which values count.
static int greatest(int n, const float *restrict f, const float *restrict g, const int *restrict a) {
    int best = -1, found = -1;
    for (int i = 0; i < n; i++) {
        int v = 0;
        if (f[i] * g[i] - 1 > 0) v = a[i] & 1023;
        if (v > best) {
            best = v;
            found = i;
        }
    }
    return found;
}

int main(void) {
    int n = 1200;
    double *x = malloc(n * sizeof *x), *y = malloc(n * sizeof *y);
    point *p = malloc(n * sizeof *p);
    unsigned char *mask = malloc(n);
    for (int i = 0; i < n; i++) {
        x[i] = i * 37 % 101 * 0.1;
        y[i] = i * 53 % 97 * 0.1;
        p[i].x = (float)x[i], p[i].y = (float)y[i], p[i].z = (float)(i % 7) * 0.3f;
        mask[i] = i % 3 != 0;
    }
    for (int k = 0; k < 4; k++) {
        float value;
        point q = {k * 1.7f, 4, 0.5f};
        int near = nearest(n, p, q, &value);
        printf("%d %d %.6f %d %d\n", farthest(n, x, y, k * 2.3, 4.1), near, value, brightest(30, 40, x, mask), row(100, 12, x, y + k));
    }
    float f[300], g[300];
    int a[300];
    for (int i = 0; i < 300; i++) {
        f[i] = (float)(i % 23) * 0.11f;
        g[i] = (float)(i % 19) * 0.13f;
        a[i] = i * 331 % 2039;
    }
    printf("%d\n", greatest(300, f, g, a));
    printf("%d %d\n", farthest(0, x, y, 0, 0), farthest(1, x, y, 0, 0));
    free(x), free(y), free(p), free(mask);
    return 0;
}
