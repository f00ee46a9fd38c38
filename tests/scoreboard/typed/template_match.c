#include <stdio.h>
#include <stdlib.h>
#include <limits.h>
typedef struct { int width, height; unsigned char *pixels; } Image;
Image *image_new(int w, int h) {
    Image *im = malloc(sizeof *im); im->width = w; im->height = h; im->pixels = calloc(w * h, 1); return im;
}
int main(void) {
    Image *im = image_new(640, 480), *t = image_new(32, 32);
    for (int y = 0; y < im->height; y++) for (int x = 0; x < im->width; x++) im->pixels[y * im->width + x] = (x * y + x) & 0xff;
    for (int y = 0; y < t->height; y++) for (int x = 0; x < t->width; x++) t->pixels[y * t->width + x] = im->pixels[(y + 100) * im->width + x + 200];
    int best = INT_MAX, bx = -1, by = -1;
    for (int y = 0; y <= im->height - t->height; y++)
        for (int x = 0; x <= im->width - t->width; x++) {
            int ssd = 0;
            for (int j = 0; j < t->height; j++)
                for (int i = 0; i < t->width; i++) {
                    int d = im->pixels[(y + j) * im->width + x + i] - t->pixels[j * t->width + i];
                    ssd += d * d;
                }
            if (ssd < best) { best = ssd; bx = x; by = y; }
        }
    printf("best %d at (%d, %d)\n", best, bx, by);
    return 0;
}
