/* Sums of each iteration's own, in a loop that has to be cut: a thread of each part runs them alone. */
// mupac: --cpu-threshold 0
#include <stdio.h>
static void sums(int n, int m, float *c, unsigned *d) {
    for (int i = 1; i < m; i++)
        for (int j = 1; j < n; j++) {
            c[j] = c[j] * 0.5f + 1;
            unsigned sum = 0;
            for (int l = 0; l < 4; l++) sum += d[i] * d[i] + l;
            d[i] = sum;
        }
}
int main(void) {
    float c[40];
    unsigned d[30];
    for (int i = 0; i < 40; i++) c[i] = (float)i;
    for (int i = 0; i < 30; i++) d[i] = (unsigned)i;
    sums(40, 30, c, d);
    for (int i = 0; i < 40; i++) printf("%g ", c[i]);
    for (int i = 0; i < 30; i++) printf("%u ", d[i]);
    printf("\n");
}
