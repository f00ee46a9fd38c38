// The call of a helper looks like the header of a loop.
// mupac: --cpu-threshold 100
#include <stdio.h>
static double a[3000], b[3000];
static void forward(int n, int t) {
    for (int u = 0; u < t; u++) {
        for (int i = 0; i < n; i++)
            a[i] += b[i];
        for (int i = 0; i < n; i++)
            b[i] = a[n - 1 - i];
    }
}
int main(void) {
    int n = 3000;
    for (int i = 0; i < n; i++) {
        a[i] = i & 7;
        b[i] = 1;
    }
    for (int k = 0; k < 3; k++) {
        forward(n, 2);
        for (int i = 0; i < n; i++)
            a[i] += 1;
    }
    printf("%g %g\n", a[7], b[8]);
    return 0;
}
