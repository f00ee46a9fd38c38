// Macros that are defined behind a helper have the names of its locals, of an object and of a function.
// mupac: --cpu-threshold 100
#include <stdio.h>
static int a[3000];
static int most(int n, const int *p) {
    int top = 0, limit = 1 << 30;
    for (int i = 0; i < n; i++)
        top = top > p[i] ? top : p[i];
    return top < limit ? top : limit;
}
static int mixed(int v) {
    int top = v, limit = 3;
    for (int k = 0; k < limit; k++)
        top += k * top;
    return top;
}
#define top 17
#define limit(x) ((x) + 1)
int main(void) {
    int n = 3000, t = 0;
    for (int i = 0; i < n; i++)
        a[i] = mixed(i & 15) * top;
    for (int u = 0; u < 5; u++) {
        for (int i = 0; i < n; i++)
            a[i] += top;
        t += most(n, a) / 16;
    }
    printf("%d %d\n", t, limit(a[77]));
    return 0;
}
