#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <math.h>
#include <time.h>
#define ROWS 1000
#define COLS 1000
float prev[ROWS][COLS], curr[ROWS][COLS], next[ROWS][COLS];

void init() {
    memset(prev, 0, sizeof(prev));
    memset(curr, 0, sizeof(curr));
    for (int i = ROWS / 2 - 10; i < ROWS / 2 + 10; i++)
        for (int j = COLS / 2 - 10; j < COLS / 2 + 10; j++)
            curr[i][j] = prev[i][j] = 1.0f;
}

void step(float c) {
    for (int i = 1; i < ROWS - 1; i++)
        for (int j = 1; j < COLS - 1; j++)
            next[i][j] = 2 * curr[i][j] - prev[i][j] + c * c * (curr[i + 1][j] + curr[i - 1][j] + curr[i][j + 1] + curr[i][j - 1] - 4 * curr[i][j]);
    memcpy(prev, curr, sizeof(prev));
    memcpy(curr, next, sizeof(curr));
}

float max_amplitude() {
    float m = 0;
    for (int i = 0; i < ROWS; i++)
        for (int j = 0; j < COLS; j++)
            if (fabsf(curr[i][j]) > m) m = fabsf(curr[i][j]);
    return m;
}

int main() {
    clock_t start = clock();
    init();
    for (int t = 0; t < 200; t++) {
        step(0.5f);
        if (t % 50 == 0) printf("t=%d max=%f\n", t, max_amplitude());
    }
    printf("time %f\n", (double)(clock() - start) / CLOCKS_PER_SEC);
    return 0;
}
