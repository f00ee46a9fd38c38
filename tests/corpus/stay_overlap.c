/* Ranges that overlap are one memory, however they are named. */
// mupac: --cpu-threshold 100
#include <stdio.h>
#include <string.h>
#define N 800
static int a[N];
static void add(int n, int *x, const int *y) {
    for (int i = 0; i < n; i++) x[i] += y[i];
}
static void scale(int n, int *x, int by) {
    for (int i = 0; i < n; i++) x[i] *= by;
}
static int total(int n, const int *x) {
    int sum = 0;
    for (int i = 0; i < n; i++) sum += x[i] % 31;
    return sum;
}
int main(void) {
    for (int i = 0; i < N; i++) a[i] = i % 10;
    int *p = a, *q = &a[10];
    for (int t = 0; t < 4; t++) {
        scale(300, p, 2);
        scale(300, q, 3);
        add(300, a, a + 400);
        add(300, q, p);
        printf("%d %d\n", total(N, a), total(300, q));
        memcpy(a + 500, a, 100 * sizeof *a);
        scale(N - 20, p + 20, 5);
        scale(100, &a[250], 3);
        scale(100, &a[300], 3);
        scale(N, a, 1);
        for (int i = 0; i < N; i++) a[i] %= 1000;
    }
    for (int i = 0; i < N; i += 100) printf("%d\n", a[i]);
    return 0;
}
