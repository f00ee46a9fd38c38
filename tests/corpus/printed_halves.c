/* Sums that are printed with two digits, many of them half way between two: another order rounds some of them to the other side.
   Nobody follows the statement expression, so that all digits are compared with those of other builds. */
#include <stdio.h>

enum { SIZE = 120 };
#define SHOW(x) ({ printf("%.2f ", x); })

void product(int n, double y[SIZE], const double a[SIZE][SIZE], const double x[SIZE]) {
    for (int i = 0; i < n; i++) {
        double sum = 0;
        for (int j = 0; j < n; j++)
            sum += a[i][j] * x[j];
        y[i] = sum;
    }
}

int main(void) {
    static double a[SIZE][SIZE], x[SIZE], y[SIZE];
    for (int i = 0; i < SIZE; i++) {
        x[i] = (i + 3) % SIZE / (double)SIZE;
        for (int j = 0; j < SIZE; j++)
            a[i][j] = i * j % SIZE / (double)SIZE;
    }
    product(SIZE, y, a, x);
    for (int i = 0; i < SIZE; i++)
        SHOW(y[i]);
    printf("\n");
}
