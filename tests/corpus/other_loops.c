// Loops that count without a counter in their header: steps in the body, pointers, several counters, unsigned ones.
// mupac: --cpu-threshold 100
#include <stdio.h>

#define N 600

struct point { double x, y; };

static double a[N], b[N];
static struct point points[N];

static void fill(double *at, double value, int n) {
    while (n--) *at++ = value;
}

// The step stands in the middle, and its last value is used.
static int ahead(int n, double *to, const double *from) {
    int i = 0;
    while (i + 1 < n) {
        to[i] = from[i];
        i++;
        to[i + N / 2] = from[i] * 2;
    }
    return i;
}

static void reversed(int n, double *to, const double *from) {
    for (int i = 0, j = n - 1; i < n; i++, j--) to[i] += from[j];
}

// A pointer counts, one that was made of it ends it.
static void scale(struct point *first, int count, double by) {
    const struct point *end = first + count;
    for (struct point *p = first; p != end; ++p) {
        p->x *= by;
        p->y += p->x;
    }
}

static void halve(size_t n, double *x) {
    for (size_t i = n; i-- > 0;) x[i] *= 0.5;
}

static void once_at_least(int n, double *x) {
    int i = 0;
    do {
        x[i] += i;
        i++;
    } while (i < n);
}

// Rows of an image by a pointer to each.
static void brighten(unsigned char *image, int width, int height) {
    int y = 0;
    while (y < height) {
        unsigned char *row = image + y * width;
        unsigned char *end = row + width;
        while (row < end) {
            *row = (unsigned char)(*row < 200 ? *row + 50 : 250);
            row++;
        }
        ++y;
    }
}

int main(void) {
    static unsigned char image[40 * 30];
    fill(a, 1.5, N);
    fill(b, 0.25, N);
    int last = ahead(N / 2, a, b);
    reversed(N, b, a);
    for (int i = 0; i < N; i++) points[i].x = points[i].y = i % 7;
    scale(points, N, 0.5);
    halve(N, a);
    once_at_least(N - 1, a);
    for (int i = 0; i < 40 * 30; i++) image[i] = (unsigned char)(i * 7);
    brighten(image, 40, 30);
    double sum = 0;
    for (int i = 0; i < N; i++) sum += a[i] + b[i] * 2 + points[i].x * 3 + points[i].y;
    printf("%d %.6f %d %d\n", last, sum, image[3], image[1199]);
    return 0;
}
