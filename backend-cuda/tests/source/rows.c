#include <stdio.h>

void scale(int n, int m, double s, double a[n][m]) {
    for (int i = 0; i < n; i++)
        for (int j = 0; j < m; j++)
            a[i][j] *= s;
}

int main(void) {
    double a[6][7];
    for (int i = 0; i < 6; i++)
        for (int j = 0; j < 7; j++) a[i][j] = i - j;
    scale(6, 7, 0.5, a);
    for (int i = 0; i < 6; i++) printf("%g %g\n", a[i][0], a[i][6]);
    return 0;
}
