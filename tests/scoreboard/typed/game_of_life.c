#include <stdio.h>
#include <stdlib.h>
#include <string.h>
int main(int argc, char **argv) {
    int w = 512, h = 512, gens = argc > 1 ? atoi(argv[1]) : 50;
    unsigned char *grid = calloc(w * h, 1), *next = calloc(w * h, 1);
    srand(1);
    for (int i = 0; i < w * h; i++) grid[i] = rand() % 2;
    for (int g = 0; g < gens; g++) {
        for (int y = 0; y < h; y++)
            for (int x = 0; x < w; x++) {
                int n = 0;
                for (int dy = -1; dy <= 1; dy++)
                    for (int dx = -1; dx <= 1; dx++) {
                        if (dx == 0 && dy == 0) continue;
                        int yy = (y + dy + h) % h, xx = (x + dx + w) % w;
                        n += grid[yy * w + xx];
                    }
                next[y * w + x] = (n == 3 || (n == 2 && grid[y * w + x]));
            }
        unsigned char *t = grid;
        grid = next;
        next = t;
    }
    int alive = 0;
    for (int i = 0; i < w * h; i++) alive += grid[i];
    printf("alive %d\n", alive);
    return 0;
}
