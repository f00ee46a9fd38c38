#include <stdio.h>
#include <stdlib.h>
#define WIDTH 2048
#define HEIGHT 1536
unsigned char image[HEIGHT][WIDTH], result[HEIGHT][WIDTH], small[HEIGHT / 2][WIDTH / 2];

int main(void) {
    int hist[256] = {0}, cdf[256];
    for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++)
            image[y][x] = (x * y / 64 + x) % 200;
    for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++)
            hist[image[y][x]]++;
    cdf[0] = hist[0];
    for (int i = 1; i < 256; i++) cdf[i] = cdf[i - 1] + hist[i];
    int min = 0;
    for (int i = 0; i < 256; i++)
        if (cdf[i] > 0) { min = cdf[i]; break; }
    for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++)
            result[y][x] = (unsigned char)((cdf[image[y][x]] - min) * 255.0 / (WIDTH * HEIGHT - min) + 0.5);
    for (int y = 0; y < HEIGHT / 2; y++)
        for (int x = 0; x < WIDTH / 2; x++)
            small[y][x] = (result[2 * y][2 * x] + result[2 * y + 1][2 * x] + result[2 * y][2 * x + 1] + result[2 * y + 1][2 * x + 1]) / 4;
    unsigned long sum = 0;
    int lo = 255, hi = 0;
    for (int y = 0; y < HEIGHT / 2; y++)
        for (int x = 0; x < WIDTH / 2; x++) {
            sum += small[y][x];
            if (small[y][x] < lo) lo = small[y][x];
            if (small[y][x] > hi) hi = small[y][x];
        }
    printf("%lu %d %d\n", sum, lo, hi);
    return 0;
}
