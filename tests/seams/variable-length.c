/* Arrays of variable length, also as parameters. */
#include <stdio.h>

static double trace(int n, double a[n][n]) { double t = 0; for (int i = 0; i < n; i++) t += a[i][i]; return t; }

int main(void) {
    int n = 3;
    double a[n][n];
    for (int i = 0; i < n; i++) for (int j = 0; j < n; j++) a[i][j] = i * 10 + j;
    printf("%g %zu\n", trace(n, a), sizeof a);
}
