/* What asserts reads nothing of a scope that has ended. */
// mupac: --cpu-threshold 0
#include <assert.h>
#include <stdio.h>

long scaled(long n, int lo, int hi, const short *b, short *c) {
    {
        int lane;
        for (lane = lo; lane < hi; ++lane) {
            short v = b[lane];
            c[lane] = (short)((v * 3 + lane + 7) % 101);
        }
    }
    assert(n >= 0);
    return n;
}

int main(void) {
    short b[40], c[40] = {0};
    for (int i = 0; i < 40; i++)
        b[i] = (short)(i * 5);
    long sum = scaled(40, 3, 37, b, c);
    for (int i = 0; i < 40; i++)
        sum = sum * 3 % 1009 + c[i];
    printf("%ld\n", sum);
    return 0;
}
