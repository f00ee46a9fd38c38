/* Ranges of one region that overlap in part those of an earlier one, or one another. */
// mupac: --cpu-threshold 100
#include <stdio.h>
#define N 300
static int a[N], seen[120];
void scale(int n, int *x, int by) {
    for (int i = 0; i < n; i++) x[i] = x[i] * by + i;
}
void shift(int n, const int *from, int *to) {
    for (int i = 0; i < n; i++) to[i] += from[i];
}
void three(int n, const int *p, const int *q, const int *r, int *out) {
    for (int i = 0; i < n; i++) out[i] += p[i] + 2 * q[i] + 3 * r[i];
}
int main(void) {
    for (int i = 0; i < N; i++) a[i] = i % 11;
    for (int t = 0; t < 3; t++) {
        scale(230, a, 3);  // [0, 230) stays,
        shift(110, a, a + 180);  // of which this reads a part and writes beyond its end
        scale(230, a, 5);
        scale(20 + 110, a + 150, 2);  // and this is in part newer
        three(120, a, a + 80, a + 170, seen);
        three(120, a + 10, a + 40, a + 130, seen);
        for (int i = 0; i < N; i++) a[i] %= 97;
    }
    for (int i = 0; i < 120; i += 15) printf("%d %d\n", a[2 * i], seen[i]);
    return 0;
}
