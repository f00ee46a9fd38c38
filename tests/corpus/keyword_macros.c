/* Macros that are named like keywords mean what they say in the file, and nothing in what is added to it. */
#include <stdio.h>

#define long int
#define double float

long sum(long n, long *a) {
    long total = 0;
    for (long i = 0; i < n; i++)
        a[i] = 2 * a[i] + i;
    for (long i = 0; i < n; i++)
        total += a[i];
    return total;
}

void scale(long n, long m, double a[n][m], double by) {
    for (long i = 0; i < n; i++)
        for (long j = 0; j < m; j++)
            a[i][j] *= by;
}

int main(void) {
    static int a[1000];
    static float b[10][20];
    b[1][2] = 3;
    scale(10, 20, b, 2);
    printf("%d %d %g\n", sum(1000, a), (int)sizeof(long), b[1][2]);
}
