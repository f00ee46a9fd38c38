/* Escape times of the Mandelbrot set: each point iterates until it escapes. */
#include <stdio.h>

#define WIDTH 64
#define HEIGHT 32
#define LIMIT 100

static int escape[HEIGHT][WIDTH];

static void render(double left, double top, double scale) {
    for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++) {
            double cr = left + x * scale, ci = top - y * scale;
            double zr = 0.0, zi = 0.0;
            int count = 0;
            while (count < LIMIT && zr * zr + zi * zi < 4.0) {
                double next = zr * zr - zi * zi + cr;
                zi = 2.0 * zr * zi + ci;
                zr = next;
                count++;
            }
            escape[y][x] = count;
        }
}

int main(void) {
    render(-2.0, 1.0, 1.0 / 16.0);
    for (int y = 0; y < HEIGHT; y += 2) {
        for (int x = 0; x < WIDTH; x++)
            putchar(escape[y][x] == LIMIT ? '#' : escape[y][x] > 8 ? '+' : '.');
        putchar('\n');
    }
    return 0;
}
