#include <math.h>
#include <stdlib.h>
#include <stdio.h>
void bilateral(const unsigned char *in, unsigned char *out, int width, int height, int radius, float sigma_s, float sigma_r) {
    for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
            float sum = 0, norm = 0;
            int center = in[y * width + x];
            for (int dy = -radius; dy <= radius; dy++) {
                for (int dx = -radius; dx <= radius; dx++) {
                    int yy = y + dy, xx = x + dx;
                    if (yy < 0) yy = 0;
                    if (yy >= height) yy = height - 1;
                    if (xx < 0) xx = 0;
                    if (xx >= width) xx = width - 1;
                    int p = in[yy * width + xx];
                    float w = expf(-(dx * dx + dy * dy) / (2 * sigma_s * sigma_s) - (p - center) * (p - center) / (2 * sigma_r * sigma_r));
                    sum += w * p; norm += w;
                }
            }
            out[y * width + x] = (unsigned char)(sum / norm + 0.5f);
        }
    }
}
int main(int argc, char **argv) {
    int w = 320, h = 240;
    unsigned char *a = malloc(w * h), *b = malloc(w * h);
    for (int i = 0; i < w * h; i++) a[i] = (i * 31 + i / w * 17) & 255;
    bilateral(a, b, w, h, 5, 3.0f, 30.0f);
    unsigned long sum = 0;
    for (int i = 0; i < w * h; i++) sum += b[i];
    printf("%lu\n", sum);
    free(a); free(b);
}
