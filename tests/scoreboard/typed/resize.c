#include <stdio.h>
#include <stdlib.h>
#include <math.h>

void resize_bilinear(const unsigned char *src, int sw, int sh, unsigned char *dst, int dw, int dh) {
    float xr = (float)(sw - 1) / dw, yr = (float)(sh - 1) / dh;
    for (int i = 0; i < dh; i++) {
        for (int j = 0; j < dw; j++) {
            int x = (int)(xr * j), y = (int)(yr * i);
            float dx = xr * j - x, dy = yr * i - y;
            int idx = y * sw + x;
            float a = src[idx], b = src[idx + 1], c = src[idx + sw], d = src[idx + sw + 1];
            dst[i * dw + j] = (unsigned char)(a * (1 - dx) * (1 - dy) + b * dx * (1 - dy) + c * dy * (1 - dx) + d * dx * dy);
        }
    }
}

void rotate(const unsigned char *src, unsigned char *dst, int w, int h, float angle) {
    float s = sinf(angle), c = cosf(angle);
    for (int y = 0; y < h; y++)
        for (int x = 0; x < w; x++) {
            int sx = (int)(c * (x - w / 2) - s * (y - h / 2)) + w / 2;
            int sy = (int)(s * (x - w / 2) + c * (y - h / 2)) + h / 2;
            if (sx >= 0 && sx < w && sy >= 0 && sy < h)
                dst[y * w + x] = src[sy * w + sx];
            else
                dst[y * w + x] = 0;
        }
}

void threshold(unsigned char *img, int n, int t) {
    for (int i = 0; i < n; i++) img[i] = img[i] > t ? 255 : 0;
}

int main(void) {
    int w = 1000, h = 800;
    unsigned char *a = malloc(w * h), *b = malloc(4 * w * h), *c = malloc(4 * w * h);
    for (int i = 0; i < w * h; i++) a[i] = (i * 31) % 253;
    resize_bilinear(a, w, h, b, 2 * w, 2 * h);
    rotate(b, c, 2 * w, 2 * h, 0.5f);
    threshold(c, 4 * w * h, 100);
    long s = 0;
    for (int i = 0; i < 4 * w * h; i++) s += c[i];
    printf("%ld\n", s);
    free(a); free(b); free(c);
    return 0;
}
