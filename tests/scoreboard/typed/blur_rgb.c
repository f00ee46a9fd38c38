#include <stdio.h>
#include <stdlib.h>
typedef struct {
    unsigned char r, g, b;
} Pixel;
void gray(const Pixel *in, unsigned char *out, int n) {
    for (int i = 0; i < n; i++)
        out[i] = (unsigned char)(0.299f * in[i].r + 0.587f * in[i].g + 0.114f * in[i].b);
}
void blur(const Pixel *in, Pixel *out, int w, int h, int R) {
    for (int y = 0; y < h; y++)
        for (int x = 0; x < w; x++) {
            int r = 0, g = 0, b = 0, c = 0;
            for (int dy = -R; dy <= R; dy++)
                for (int dx = -R; dx <= R; dx++) {
                    int yy = y + dy, xx = x + dx;
                    if (yy < 0 || yy >= h || xx < 0 || xx >= w) continue;
                    const Pixel *p = &in[yy * w + xx];
                    r += p->r;
                    g += p->g;
                    b += p->b;
                    c++;
                }
            out[y * w + x] = (Pixel){r / c, g / c, b / c};
        }
}
int main(void) {
    int w = 800, h = 600;
    Pixel *a = malloc(w * h * 3), *b = malloc(w * h * 3);
    unsigned char *g = malloc(w * h);
    for (int i = 0; i < w * h; i++) {
        a[i].r = i;
        a[i].g = i * 3;
        a[i].b = i * 5;
    }
    blur(a, b, w, h, 2);
    gray(b, g, w * h);
    long s = 0;
    for (int i = 0; i < w * h; i++) s += g[i];
    printf("%ld\n", s);
}
