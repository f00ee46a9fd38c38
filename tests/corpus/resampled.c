// mupac: --cpu-threshold 0
/* Pictures of another size: the places that are read go up with the counters, so that the host looks at the first and the
 * last alone; sums of products that places are computed of are rounded alike on both sides. */
#include <math.h>

struct picture {
    int w, h;
    unsigned char *at;
};

/* Between the four nearest places. */
void between(const struct picture *s, struct picture *d) {
    float sx = (float)s->w / d->w, sy = (float)s->h / d->h;
    for (int y = 0; y < d->h; y++) {
        float fy = (y + 0.5f) * sy - 0.5f;
        int y0 = (int)floorf(fy);
        float wy = fy - y0;
        int y1 = y0 + 1 < s->h ? y0 + 1 : s->h - 1;
        if (y0 < 0) y0 = 0;
        for (int x = 0; x < d->w; x++) {
            float fx = (x + 0.5f) * sx - 0.5f;
            int x0 = (int)floorf(fx);
            float wx = fx - x0;
            int x1 = x0 + 1 < s->w ? x0 + 1 : s->w - 1;
            if (x0 < 0) x0 = 0;
            float upper = (1 - wx) * s->at[y0 * s->w + x0] + wx * s->at[y0 * s->w + x1];
            float lower = (1 - wx) * s->at[y1 * s->w + x0] + wx * s->at[y1 * s->w + x1];
            d->at[y * d->w + x] = (unsigned char)((1 - wy) * upper + wy * lower + 0.5f);
        }
    }
}

/* The nearest place, in numbers of which 16 bits are a fraction; the other picture is turned upside down. */
void nearest(const unsigned char *src, int sw, int sh, unsigned char *dst, int dw, int dh) {
    int rx = (sw << 16) / dw, ry = (sh << 16) / dh;
    for (int y = 0; y < dh; y++)
        for (int x = 0; x < dw; x++) {
            int px = (x * rx) >> 16, py = sh - 1 - ((y * ry) >> 16);
            dst[y * dw + x] = src[(long)py * sw + px];
        }
}

/* Places that turn: the counter goes up, its square first goes down. */
void squares(const float *restrict table, float *restrict out, int n, int m) {
    for (int i = 0; i < n; i++)
        out[i] = table[(i - m) * (i - m)];
}

/* Both summands move, in opposite directions. */
void opposite(const float *restrict table, float *restrict out, int n, int k) {
    for (int i = 0; i < n; i++)
        out[i] = table[i * k / 3 + (n - i) / 2];
}
