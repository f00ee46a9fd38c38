/* What the size of an array does besides is done, though the array is passed as an address. */
#include <stdio.h>

static int calls;
static int next(void) { return ++calls; }

static int sum(int n, int a[n = n + 2]) { int s = 0; for (int i = 0; i < n; i++) s += a[i]; return s; }
static int halved(int n, double y[const], double x[n /= 2]) { for (int i = 0; i < n; i++) y[i] += x[i]; return n; }
static int called(int n, int a[n][next() + 2], int b[next()]) { return (int)sizeof a[0] * 100 + b[n] * 10 + calls; }
static int both(int n, int m, double a[n++][m++], double b[n][m]) { b[0][1] = 1; return n * 100 + m * 10 + (int)(sizeof b[0] / sizeof(double)); }

int main(void) {
    int a[40];
    double x[40], y[40];
    for (int i = 0; i < 40; i++) { a[i] = i; x[i] = y[i] = i; }
    int h = halved(10, y, x);
    printf("%d %d %g %g", sum(10, a), h, y[4], y[5]);
    printf(" %d", called(3, (void *)a, a));
    printf(" %d\n", both(3, 4, (void *)x, (void *)y));
}
