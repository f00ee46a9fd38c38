// Tables of constants that are declared where they are used, below a loop, as `static` and not.
// mupac: --cpu-threshold 0
#include <stdlib.h>

// Each thread has the table, since nobody changes it and nobody asks where it lies.
void sobel(const unsigned char *in, unsigned char *out, int w, int h) {
    for (int y = 1; y < h - 1; y++)
        for (int x = 1; x < w - 1; x++) {
            static const int across[3][3] = {{-1, 0, 1}, {-2, 0, 2}, {-1, 0, 1}};
            const int along[3][3] = {{-1, -2, -1}, {0}, {1, 2, 1}};
            static const int most = 255;
            int gx = 0, gy = 0;
            for (int j = -1; j <= 1; j++)
                for (int i = -1; i <= 1; i++) {
                    gx += across[j + 1][i + 1] * in[(y + j) * w + x + i];
                    gy += along[j + 1][i + 1] * in[(y + j) * w + x + i];
                }
            int sum = abs(gx) + abs(gy);
            out[y * w + x] = sum > most ? most : sum;
        }
}

// This one keeps what it was given, so that iterations depend on one another.
void counted(int *out, int n) {
    for (int i = 0; i < n; i++) {
        static int seen = 0;
        out[i] = seen++;
    }
}

// Where the table lies is asked, and it is the same in all iterations.
void placed(const int **out, int n) {
    for (int i = 0; i < n; i++) {
        static const int table[2] = {3, 4};
        out[i] = &table[i % 2];
    }
}
