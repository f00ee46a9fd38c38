// mupac: --cpu-threshold 0
// Members that only some iterations read: they are there where a statement before the loop goes through the same pointer.
#include <stdlib.h>

struct image { int width, height; int *data; };

static int get(const struct image *in, int x, int y) {
    if (x < 0 || y < 0 || x >= in->width || y >= in->height) return 0;
    return in->data[y * in->width + x];
}

void rotate(const struct image *restrict in, int *restrict out, int w, int h, int c, int s) {
    int cx = in->width / 2, cy = in->height / 2;
    for (int y = 0; y < h; y++)
        for (int x = 0; x < w; x++) {
            int sx = (c * (x - cx) + s * (y - cy)) / 100 + cx, sy = (c * (y - cy) - s * (x - cx)) / 100 + cy;
            out[y * w + x] = get(in, sx, sy);
        }
}

// Nothing before says that there is an image.
void maybe(const struct image *restrict in, int *restrict out, int n, int from) {
    for (int i = 0; i < n; i++)
        if (i >= from && i < in->width) out[i] = in->data[i];
}

// It was another one.
void other(const struct image *restrict in, const struct image *restrict next, int *restrict out, int n, int from) {
    int most = in->width;
    in = next;
    for (int i = 0; i < n; i++)
        if (i >= from && i < in->width && i < most) out[i] = in->data[i];
}

// It may be gone.
void gone(struct image *in, int *restrict out, int n, int from) {
    int most = in->width;
    free(in);
    for (int i = 0; i < n; i++)
        if (i >= from && i < most) out[i] = from < n ? i : in->height;
}
