// The names that a helper's locals would get are taken, by variables, a function and a macro.
// mupac: --cpu-threshold 100
#include <stdio.h>
#define s_4 4
static int a[3000], b[3000];
static int s_3(int v) { return v / 2; }
static int most(int n, const int *p) {
    int s = 0;
    for (int i = 0; i < n; i++)
        s = s > p[i] ? s : p[i];
    return s;
}
int main(void) {
    int n = 3000, s = 0, s_2 = 1, i_2 = 3;
    for (int i = 0; i < n; i++) {
        a[i] = i;
        b[i] = 3 * i;
    }
    for (int u = 0; u < 5; u++) {
        for (int i = 0; i < n; i++)
            a[i] += b[i] + s_2 + i_2;
        s += s_3(most(n, a));
        s_2 += most(n, b) & s_4;
    }
    printf("%d %d %d\n", s, s_2, a[77]);
    return 0;
}
