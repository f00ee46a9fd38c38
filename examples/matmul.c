/* Multiplies two matrices and prints a checksum and a corner of the result. */
#include <stdio.h>

#define N 96

static double a[N][N], b[N][N], c[N][N];

static void multiply(void) {
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) {
            double sum = 0.0;
            for (int k = 0; k < N; k++)
                sum += a[i][k] * b[k][j];
            c[i][j] = sum;
        }
}

int main(void) {
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) {
            a[i][j] = (i * 3 + j) % 11 - 5;
            b[i][j] = (i + j * 7) % 13 - 6;
        }
    multiply();
    double trace = 0.0;
    for (int i = 0; i < N; i++)
        trace += c[i][i];
    printf("trace %.1f\n", trace);
    for (int i = 0; i < 3; i++)
        printf("%8.1f %8.1f %8.1f\n", c[i][0], c[i][1], c[i][2]);
    return 0;
}
