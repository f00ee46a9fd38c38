// Blocks of a time loop hide the names of what is copied around it, one after the other.
// mupac: --cpu-threshold 100
#include <stdio.h>
static int a[3000], b[3000];
int main(void) {
    int n = 3000, s = 3;
    for (int i = 0; i < n; i++)
        a[i] = i;
    for (int t = 0; t < 3; t++) {
        {
            int n = 5, s = t;
            for (int i = 0; i < 3000; i++)
                a[i] += s + n;
        }
        {
            int m = 2 * t, s = m + 1;
            for (int i = 0; i < n - m; i++)
                b[i] += a[i] ^ s;
        }
        s += t;
        for (int i = 0; i < n; i++)
            a[i] -= s;
    }
    printf("%d %d %d\n", s, a[17], b[2999]);
    return 0;
}
