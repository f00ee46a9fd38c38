/* Box blur of a grey image of bytes; the border is copied. */
#include <stdio.h>
#include <stdlib.h>

static void blur(int width, int height, const unsigned char *in, unsigned char *out) {
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++) {
            if (y == 0 || x == 0 || y == height - 1 || x == width - 1) {
                out[y * width + x] = in[y * width + x];
                continue;
            }
            int sum = 0;
            for (int dy = -1; dy <= 1; dy++)
                for (int dx = -1; dx <= 1; dx++)
                    sum += in[(y + dy) * width + x + dx];
            out[y * width + x] = (unsigned char)(sum / 9);
        }
}

int main(void) {
    int width = 160, height = 120;
    unsigned char *in = malloc((size_t)width * height), *out = malloc((size_t)width * height);
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++)
            in[y * width + x] = (unsigned char)((x * x + 3 * y) & 255);
    blur(width, height, in, out);
    unsigned checksum = 0;
    for (int i = 0; i < width * height; i++)
        checksum = checksum * 31 + out[i];
    printf("checksum %u, centre %d\n", checksum, out[60 * width + 80]);
    free(in);
    free(out);
    return 0;
}
