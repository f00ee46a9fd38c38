/* Rows of variable length that are swapped by way of a pointer to anything. */
#include <stdio.h>
#include <stdlib.h>

int main(void) {
    int n = 40;
    double (*a)[n] = malloc(sizeof(double[n][n]));
    double (*b)[n] = malloc(sizeof(double[n][n]));
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++)
            a[i][j] = b[i][j] = i * j % 7;
    for (int step = 0; step < 10; step++) {
        for (int i = 1; i < n - 1; i++)
            for (int j = 1; j < n - 1; j++)
                b[i][j] = 0.25 * (a[i - 1][j] + a[i + 1][j] + a[i][j - 1] + a[i][j + 1]);
        void *t = a;
        a = b;
        b = t;
    }
    printf("%.6f\n", a[n / 2][n / 2]);
    free(a);
    free(b);
    return 0;
}
