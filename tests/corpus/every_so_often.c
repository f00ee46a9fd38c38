/* Something is done in every tenth step alone: a smaller program has enough steps to come to it. */
// mupac: --cpu-threshold 0
#include <stdio.h>
#include <stdlib.h>

#define SIZE 700
static unsigned char cell[SIZE][SIZE], next[SIZE][SIZE];

static void step(void) {
    for (int y = 1; y < SIZE - 1; y++)
        for (int x = 1; x < SIZE - 1; x++)
            next[y][x] = (cell[y - 1][x] + cell[y + 1][x] + cell[y][x - 1] + cell[y][x + 1]) & 1;
    for (int y = 1; y < SIZE - 1; y++)
        for (int x = 1; x < SIZE - 1; x++)
            cell[y][x] = next[y][x];
}

int main(void) {
    for (int y = 0; y < SIZE; y++)
        for (int x = 0; x < SIZE; x++)
            cell[y][x] = rand() % 2;
    for (int t = 0; t < 100; t++) {
        step();
        if (t % 10 == 9) {
            int alive = 0;
            for (int y = 0; y < SIZE; y++)
                for (int x = 0; x < SIZE; x++)
                    alive += cell[y][x];
            printf("%d: %d\n", t, alive);
        }
    }
    return 0;
}
