// Structures by value whose pointers helpers read and write behind, with returns and assertions that loops make certain.
// mupac: --cpu-threshold 100
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct {
    int w, h, c;
    float *data;
} image;

static float get_pixel(image m, int x, int y, int c) {
    assert(x < m.w && y < m.h && c < m.c);
    return m.data[c * m.h * m.w + y * m.w + x];
}

static float get_pixel_extend(image m, int x, int y, int c) {
    if (x < 0 || x >= m.w || y < 0 || y >= m.h) return 0;
    if (c < 0 || c >= m.c) return 0;
    return get_pixel(m, x, y, c);
}

static void set_pixel(image m, int x, int y, int c, float val) {
    if (x < 0 || y < 0 || c < 0 || x >= m.w || y >= m.h || c >= m.c) return;
    assert(x < m.w && y < m.h && c < m.c);
    m.data[c * m.h * m.w + y * m.w + x] = val;
}

static void add_pixel(image m, int x, int y, int c, float val) {
    assert(x >= 0 && y >= 0 && x < m.w && y < m.h && c < m.c);
    m.data[c * m.h * m.w + y * m.w + x] += val;
}

static image make_image(int w, int h, int c) {
    image out = {w, h, c, calloc(w * h * c, sizeof(float))};
    return out;
}

// The channels are a condition: `im.c >= 3`.
void rgb_to_hsv(image im) {
    int i, j;
    for (j = 0; j < im.h; ++j) {
        for (i = 0; i < im.w; ++i) {
            float r = get_pixel(im, i, j, 0);
            float g = get_pixel(im, i, j, 1);
            float b = get_pixel(im, i, j, 2);
            float v = r > g ? (r > b ? r : b) : (g > b ? g : b);
            set_pixel(im, i, j, 0, v);
            set_pixel(im, i, j, 1, v - r);
            set_pixel(im, i, j, 2, v * b);
        }
    }
}

// The sizes of one image are not those of the other: `im.w <= out.w`.
void brighten(image im, image out, float by) {
    for (int c = 0; c < im.c; c++)
        for (int y = 0; y < im.h; y++)
            for (int x = 0; x < im.w; x++)
                add_pixel(out, x, y, c, by * get_pixel(im, x, y, c));
}

void translate(image im, image out, int dx, int dy) {
    for (int c = 0; c < im.c; c++)
        for (int y = 0; y < im.h; y++)
            for (int x = 0; x < im.w; x++)
                set_pixel(out, x, y, c, get_pixel_extend(im, x - dx, y - dy, c));
}

int main(void) {
    image a = make_image(40, 30, 3), b = make_image(40, 30, 3);
    for (int i = 0; i < 3600; i++) {
        a.data[i] = i % 17 * 0.25f;
        b.data[i] = i % 5;
    }
    rgb_to_hsv(a);
    brighten(a, b, 0.5f);
    translate(b, a, 3, -2);
    float sum = 0;
    for (int i = 0; i < 3600; i++)
        sum += a.data[i] * (i % 3);
    printf("%.7g\n", sum);
    free(a.data);
    free(b.data);
    return 0;
}
