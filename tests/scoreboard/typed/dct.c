#include <stdio.h>
#include <math.h>
#define N 8
#define WIDTH 512
#define HEIGHT 512
#ifndef M_PI
#define M_PI 3.14159265358979323846
#endif
unsigned char image[HEIGHT][WIDTH];
float coef[HEIGHT][WIDTH];
static const int quant[8][8] = {{16,11,10,16,24,40,51,61},{12,12,14,19,26,58,60,55},{14,13,16,24,40,57,69,56},{14,17,22,29,51,87,80,62},{18,22,37,56,68,109,103,77},{24,35,55,64,81,104,113,92},{49,64,78,87,103,121,120,101},{72,92,95,98,112,100,103,99}};
void dct_block(int by, int bx) {
    for (int u = 0; u < N; u++)
        for (int v = 0; v < N; v++) {
            float sum = 0.0f;
            for (int i = 0; i < N; i++)
                for (int j = 0; j < N; j++)
                    sum += (image[by + i][bx + j] - 128) * cosf((2 * i + 1) * u * M_PI / 16) * cosf((2 * j + 1) * v * M_PI / 16);
            float cu = u == 0 ? 1 / sqrtf(2) : 1, cv = v == 0 ? 1 / sqrtf(2) : 1;
            coef[by + u][bx + v] = roundf(0.25f * cu * cv * sum / quant[u][v]);
        }
}
int main() {
    for (int i = 0; i < HEIGHT; i++) for (int j = 0; j < WIDTH; j++) image[i][j] = (i * j) % 256;
    for (int by = 0; by < HEIGHT; by += N)
        for (int bx = 0; bx < WIDTH; bx += N)
            dct_block(by, bx);
    int nz = 0;
    for (int i = 0; i < HEIGHT; i++) for (int j = 0; j < WIDTH; j++) if (coef[i][j] != 0) nz++;
    printf("nonzero: %d\n", nz);
    return 0;
}
