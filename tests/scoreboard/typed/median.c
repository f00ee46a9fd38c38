#include <stdio.h>
#include <stdlib.h>
static int cmp(const void *a, const void *b) { return *(const int *)a - *(const int *)b; }
void median_filter(const int *src, int *dst, int rows, int cols) {
    int window[9];
    for (int r = 1; r < rows - 1; r++) {
        for (int c = 1; c < cols - 1; c++) {
            int k = 0;
            for (int dr = -1; dr <= 1; dr++)
                for (int dc = -1; dc <= 1; dc++)
                    window[k++] = src[(r + dr) * cols + (c + dc)];
            for (int i = 0; i < 9; i++)
                for (int j = i + 1; j < 9; j++)
                    if (window[j] < window[i]) { int t = window[i]; window[i] = window[j]; window[j] = t; }
            dst[r * cols + c] = window[4];
        }
    }
}
int main(void) {
    int rows = 512, cols = 512; int *a = malloc(rows * cols * sizeof(int)), *b = calloc(rows * cols, sizeof(int));
    for (int i = 0; i < rows * cols; i++) a[i] = (i * 7919) % 256;
    median_filter(a, b, rows, cols);
    long s = 0; for (int i = 0; i < rows * cols; i++) s += b[i];
    printf("%ld\n", s);
}
