// A helper that calls another one has locals of the same names, as its caller has.
// mupac: --cpu-threshold 100
#include <stdio.h>
static int a[3000], b[3000];
static int most(int n, const int *p) {
    int s = 0;
    for (int i = 0; i < n; i++)
        s = s > p[i] ? s : p[i];
    return s;
}
static int both(int n, const int *p, const int *q) {
    int s = most(n, p);
    int t = most(n, q);
    s = s / 4 + t / 8;
    return s;
}
int main(void) {
    int n = 3000, s = 1, t = 2;
    for (int i = 0; i < n; i++) {
        a[i] = i;
        b[i] = 3 * i;
    }
    for (int u = 0; u < 5; u++) {
        for (int i = 0; i < n; i++)
            a[i] += b[i];
        s += both(n, a, b) / 2;
        t += both(n, b, a);
    }
    printf("%d %d %d\n", s, t, a[77]);
    return 0;
}
