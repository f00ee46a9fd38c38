// mupac: --cpu-threshold 100
// mupac: region scale:15
// mupac: step vectorize i 4 32 -> i.o i.i i.v
// mupac: step bind i.o block.x
// mupac: step bind i.i thread.x
// mupac: region add:19
// mupac: step vectorize i 4 32 -> i.o i.i i.v
// mupac: step bind i.o block.x
// mupac: step bind i.i thread.x
/* Arrays that stay on the device are found again only where vectors of their elements are aligned. */
#include <stdio.h>
#define N 800
static int a[N];
void scale(int n, int *x, int by) {
    for (int i = 0; i < n; i++)
        x[i] *= by;
}
void add(int n, int *x, const int *y) {
    for (int i = 0; i < n; i++)
        x[i] += y[i];
}
int main(void) {
    for (int i = 0; i < N; i++) a[i] = i % 10;
    for (int t = 0; t < 3; t++) {
        scale(N, a, 2);
        scale(300, a + 4, 3);
        scale(300, a + 5, 3);
        add(300, a, a + 401);
        add(300, a + 3, a + 404);
        for (int i = 0; i < N; i++) a[i] %= 1000;
    }
    for (int i = 0; i < N; i += 100) printf("%d\n", a[i]);
    return 0;
}
