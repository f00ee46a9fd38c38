// Members with the names of types, which are the file's in C++ where they say so.
// mupac: --cpu-threshold 0
#include <stdio.h>
#include <stdlib.h>

typedef struct {
    float r, g, b;
} px;
typedef double weight, sums[4];
typedef int count;

typedef struct image {
    count count;
    const px *px;
} image;

struct table {
    weight weight, *weights;
    sums sums;
    char left[sizeof(weight)];
    struct {
        count (*next)(count);
        unsigned count;
    } in;
};

struct either {
    struct {
        int count;
    };
    const weight *from;
    count most;
    union {
        float weight;
        int bits;
    };
};

static void gray(image *im, px *out, const struct table *t) {
    for (int i = 0; i < im->count; i++) {
        float v = (im->px[i].r + im->px[i].g + im->px[i].b) / 3;
        out[i].r = out[i].g = out[i].b = v * t->weight + t->sums[1];
    }
}

int main(void) {
    count n = 3000;
    px *from = malloc(n * sizeof(px)), *to = malloc(n * sizeof(px));
    image im = {n, from};
    struct table t = {.weight = 2, .sums = {1, 0.5}};
    for (int i = 0; i < n; i++) {
        from[i].r = i;
        from[i].g = 2 * i % 7;
        from[i].b = i & 3;
    }
    gray(&im, to, &t);
    struct either e = {{3}, t.weights, 4, {0.5f}};
    for (int i = 0; i < n; i++)
        to[i].b = to[i].r * e.weight + e.count + e.most;
    float sum = 0;
    for (int i = 0; i < n; i += 100)
        sum += to[i].g;
    printf("%g %g\n", sum, to[77].b);
    return 0;
}
