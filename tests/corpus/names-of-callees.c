// A callee's locals have the names of the caller's sum, of its array and of a new name for either.
// mupac: --cpu-threshold 100
#include <stdio.h>
static int a[3000], b[3000];
static int most(int n, const int *p) {
    int s = 0;
    for (int i = 0; i < n; i++)
        s = s > p[i] ? s : p[i];
    return s;
}
static int last(int n, const int *p) {
    int a = 7, s_2 = 1;
    for (int i = 0; i < n; i++)
        s_2 += p[i] > a;
    return a + s_2;
}
int main(void) {
    int n = 3000, s = 0, a_2 = 5;
    for (int i = 0; i < n; i++) {
        a[i] = i;
        b[i] = 3 * i;
    }
    for (int u = 0; u < 5; u++) {
        for (int i = 0; i < n; i++)
            a[i] += b[i] + a_2;
        s += most(n, a) / 1024;
        a_2 += last(n, b) & 3;
    }
    printf("%d %d %d\n", s, a_2, a[77]);
    return 0;
}
