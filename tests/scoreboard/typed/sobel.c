#include <math.h>
#include <stdio.h>
#include <stdlib.h>
typedef struct {
    int width, height;
    unsigned char *data;
} Image;
static int clampi(int v, int lo, int hi) {
    return v < lo ? lo : v > hi ? hi : v;
}
void sobel(const Image *in, Image *out) {
    static const int gx[3][3] = {{-1, 0, 1}, {-2, 0, 2}, {-1, 0, 1}},
                     gy[3][3] = {{-1, -2, -1}, {0, 0, 0}, {1, 2, 1}};
    for (int y = 0; y < in->height; y++)
        for (int x = 0; x < in->width; x++) {
            int sx = 0, sy = 0;
            for (int j = -1; j <= 1; j++)
                for (int i = -1; i <= 1; i++) {
                    int p = in->data[clampi(y + j, 0, in->height - 1) * in->width +
                                     clampi(x + i, 0, in->width - 1)];
                    sx += p * gx[j + 1][i + 1];
                    sy += p * gy[j + 1][i + 1];
                }
            int v = (int)sqrt((double)(sx * sx + sy * sy));
            out->data[y * in->width + x] = (unsigned char)clampi(v, 0, 255);
        }
}
int main(int argc, char **argv) {
    Image a = {1024, 768, 0}, b = a;
    a.data = malloc(a.width * a.height);
    b.data = malloc(a.width * a.height);
    for (int i = 0; i < a.width * a.height; i++) a.data[i] = (i * 7 + i / 13) & 255;
    sobel(&a, &b);
    unsigned long s = 0;
    for (int i = 0; i < a.width * a.height; i++) s = s * 31 + b.data[i];
    printf("%lu\n", s);
}
